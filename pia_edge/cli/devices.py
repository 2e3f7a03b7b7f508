"""``pia-edge devices``."""

import click

from pia_edge.cli.results import print_json


@click.command()
@click.option("--bundle", metavar="NAME_OR_FOLDER", help="For this bundle; the sample if not given.")
@click.option("--json", "as_json", is_flag=True, help="The list as JSON on stdout.")
def devices(bundle: str | None, as_json: bool) -> None:
    """List the backends and their devices, and why a backend would not be taken."""
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.runtimes.survey import survey, taken

    states = survey(Bundle.open(find_bundle(bundle)))
    if as_json:
        print_json(states)
        return
    automatic = taken(states)
    for state in states:
        note = state.refused or ("taken by --backend auto" if state.backend == automatic else "ready")
        click.echo(f"{state.backend:<10} {', '.join(state.devices) or '-':<16} {note}")
