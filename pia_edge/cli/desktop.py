"""``pia-edge gui``."""

from pathlib import Path

import click

from pia_edge.extras import check_installed


@click.command()
@click.argument("picture", type=click.Path(path_type=Path), required=False)
def gui(picture: Path | None) -> int:
    """Open the desktop app, with PICTURE if one is given."""
    check_installed("The desktop app", ["PySide6"], extra="gui")
    from pia_edge.gui.app import run

    return run(picture)
