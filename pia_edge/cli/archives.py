"""``pia-edge pack`` and ``pia-edge unpack``: a bundle as one file."""

from pathlib import Path

import click

from pia_edge.cli.bundles import report_added
from pia_edge.cli.results import in_words, print_json

_PATH = click.Path(path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Describe the result as JSON on stdout.")


@click.command(epilog="Example: pia-edge pack anime -o anime.pia.zip")
@click.argument("bundle")
@click.option("-o", "--output", type=_PATH, required=True, help="File to make, by custom NAME.pia.zip.")
@click.option("--overwrite", is_flag=True, help="Replace an existing file.")
@_json
def pack(bundle: str, output: Path, overwrite: bool, as_json: bool) -> None:
    """Check BUNDLE and write it into one file.

    BUNDLE is the name of a bundle in the store or the folder of any other. The same bundle gives the same file.
    """
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.archive import pack as write_archive
    from pia_edge.bundle.find import find_bundle
    from pia_edge.files import check_file_target

    # Reading the whole bundle takes a while, which is in vain if the file cannot be written.
    check_file_target(output, overwrite=overwrite)
    opened = Bundle.open(find_bundle(bundle))
    write_archive(opened, output, overwrite=overwrite)
    size = output.stat().st_size
    if as_json:
        print_json({"path": str(output), "name": opened.manifest.name, "sha256": opened.sha256, "size": size})
    else:
        click.echo(f"{output}: {in_words(size)}")


@click.command(epilog="Example: pia-edge unpack anime.pia.zip --name my-anime")
@click.argument("archive", metavar="FILE", type=_PATH)
@click.option("-o", "--output", type=_PATH, help="Folder to make; among your bundles if not given.")
@click.option("--name", help="Its name among your bundles; that in its manifest if not given.")
@click.option("--overwrite", is_flag=True, help="Replace an existing bundle.")
@_json
def unpack(archive: Path, output: Path | None, name: str | None, overwrite: bool, as_json: bool) -> None:
    """Check the bundle in FILE (.pia.zip) and copy it into the store, or into a folder."""
    from pia_edge.bundle.archive import add_archive
    from pia_edge.bundle.archive import unpack as write_folder
    from pia_edge.bundle.store import Store

    if output is None:
        store = Store.open()
        report_added(store, add_archive(store, archive, name, overwrite=overwrite), as_json)
        return
    if name is not None:
        raise click.UsageError("Give --output or --name; a folder has its name already.")
    opened = write_folder(archive, output, overwrite=overwrite)
    size = opened.manifest.num_bytes
    if as_json:
        print_json({"path": str(opened.path), "name": opened.manifest.name, "sha256": opened.sha256, "size": size})
    else:
        click.echo(f"{opened.path}: {in_words(size)}")
