"""``pia-edge devices``."""

import sys

import click


@click.command()
@click.option("--bundle", metavar="NAME_OR_FOLDER", help="For this bundle; the sample if not given.")
@click.option("--json", "as_json", is_flag=True, help="The list as JSON on stdout.")
def devices(bundle: str | None, as_json: bool) -> None:
    """List the backends and their devices, and why a backend would not be taken."""
    import msgspec

    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.runtimes import BACKENDS, refusals

    opened = Bundle.open(find_bundle(bundle))
    rows = [(name, list(BACKENDS[name]().devices()), reason) for name, reason in refusals(opened).items()]
    if as_json:
        result = [{"backend": name, "devices": found, "refused": reason} for name, found, reason in rows]
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    taken = next((name for name, _, reason in rows if reason is None), None)
    for name, found, reason in rows:
        note = reason or ("taken by --backend auto" if name == taken else "ready")
        click.echo(f"{name:<10} {', '.join(found) or '-':<16} {note}")
