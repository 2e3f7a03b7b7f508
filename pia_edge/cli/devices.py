"""``pia-edge devices``."""

import sys
from pathlib import Path

import click


@click.command()
@click.option("--bundle", type=click.Path(path_type=Path), help="For this bundle; the sample if not given.")
@click.option("--json", "as_json", is_flag=True, help="The list as JSON on stdout.")
def devices(bundle: Path | None, as_json: bool) -> None:
    """List the backends and their devices, and why a backend would not be taken."""
    import msgspec

    from pia_edge import sample
    from pia_edge.bundle import Bundle
    from pia_edge.runtimes import BACKENDS, refusals

    opened = Bundle.open(bundle or sample.path())
    rows = [
        {"backend": name, "devices": list(BACKENDS[name]().devices()), "refused": reason}
        for name, reason in refusals(opened).items()
    ]
    if as_json:
        sys.stdout.write(msgspec.json.encode(rows).decode() + "\n")
        return
    taken = next((row["backend"] for row in rows if row["refused"] is None), None)
    for row in rows:
        note = row["refused"] or ("taken by --backend auto" if row["backend"] == taken else "ready")
        found = ", ".join(str(device) for device in BACKENDS[str(row["backend"])]().devices()) or "-"
        click.echo(f"{row['backend']:<10} {found:<16} {note}")
