"""``pia-edge bundles``: the bundles in the store, and what any bundle holds."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pia_edge.cli.results import in_words, print_json
from pia_edge.cli.showing import show
from pia_edge.errors import BundleError, Cancelled

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.listing import Listed
    from pia_edge.bundle.store import Store

_EPILOG = """\b
Examples:
  pia-edge bundles import ~/Downloads/anime.pia.zip
  pia-edge animate cat.jpg --prompt "a cat" --bundle anime
  pia-edge bundles show anime
"""
_json = click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout.")


@click.group(epilog=_EPILOG)
def bundles() -> None:
    """List, check, import and remove bundles.

    Imported bundles lie in your data folder, or in PIA_EDGE_HOME; files that several of them hold are kept once.
    BUNDLE is the name of one of them or the folder of any other.
    """


bundles.add_command(show)


@bundles.command("list")
@_json
def list_bundles(as_json: bool) -> None:
    """List the sample that ships and the bundles in the store."""
    from pia_edge.bundle.listing import list_bundles
    from pia_edge.bundle.store import Store

    rows = [_row(listed) for listed in list_bundles(Store.open())]
    if as_json:
        print_json(rows)
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        if row["problem"]:
            click.echo(f"{row['name']:<{width}}  {row['problem']}")
            continue
        shared = f"{in_words(row['shared'])} of it shared, " if row["shared"] else ""
        ships = ", ships with PIA Edge" if row["ships"] else ""
        click.echo(
            f"{row['name']:<{width}}  {row['format']:<8} {row['precision']:<10} {in_words(row['size']):>10}, "
            f"{shared}norm_mode {row['norm_mode']}{ships}"
        )


def _row(listed: "Listed") -> dict[str, Any]:
    """What ``list`` says of a bundle; ``problem`` of one that cannot be read."""
    row: dict[str, Any] = {"name": listed.name, "ships": listed.ships}
    row |= dict.fromkeys(("path", "format", "precision", "norm_mode", "size", "shared")) | {"problem": listed.problem}
    manifest = listed.manifest
    if manifest is None:
        return row
    return row | {
        "path": str(listed.path),
        "format": manifest.format,
        "precision": ", ".join(sorted({artifact.precision for artifact in manifest.modules.values()})),
        "norm_mode": manifest.norm_mode,
        "size": listed.size,
        "shared": 0 if listed.ships else listed.size - listed.own,
    }


@bundles.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", help="Its name in the store; that in its manifest if not given.")
@click.option("--overwrite", is_flag=True, help="Replace a bundle of this name.")
@_json
def import_bundle(source: Path, name: str | None, overwrite: bool, as_json: bool) -> None:
    """Check the bundle SOURCE, a folder or a .pia.zip file, and copy it into the store."""
    from pia_edge.bundle.archive import add_bundle
    from pia_edge.bundle.store import Store

    store = Store.open()
    report_added(store, add_bundle(store, source, name, overwrite=overwrite), as_json)


def report_added(store: "Store", added: "Bundle", as_json: bool) -> None:
    """Print what became of a bundle that was copied into ``store``."""
    usage = store.usage(added.path.name)
    shared = usage.size - usage.own
    if as_json:
        print_json(
            {
                "name": added.path.name,
                "path": str(added.path),
                "sha256": added.sha256,
                "size": usage.size,
                "shared": shared,
            }
        )
        return
    note = f", {in_words(shared)} of it shared with other bundles" if shared else ""
    click.echo(f"{added.path.name}: {in_words(usage.size)}{note}")


@bundles.command(short_help="Check every file of BUNDLE.", epilog="Without BUNDLE the sample that ships is verified.")
@click.argument("bundle", required=False)
@_json
def verify(bundle: str | None, as_json: bool) -> None:
    """Check every file of BUNDLE against the sizes and hashes in its manifest."""
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle

    opened = Bundle.open(find_bundle(bundle))
    count = len(opened.manifest.files)
    if as_json:
        print_json({"path": str(opened.path), "sha256": opened.sha256, "files": count, "ok": True})
    else:
        click.echo(f"{opened.path}: {count} files as the manifest says, sha256 {opened.sha256}")


@bundles.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@_json
def remove(names: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Remove bundles from the store; what others share stays."""
    from pia_edge.bundle.names import SAMPLE
    from pia_edge.bundle.store import Store

    store = Store.open()
    if SAMPLE in names:
        raise BundleError("Expected a bundle of the store, found the sample, which ships with PIA Edge. It stays.")
    chosen = list(dict.fromkeys(names))
    for name in chosen:
        store.path(name)
    if not yes:
        _ask(chosen)
    freed = {}
    for name in chosen:
        freed[name] = store.remove(name)
        if not as_json:
            click.echo(f"removed {name}: {in_words(freed[name])} freed")
    if as_json:
        print_json([{"name": name, "freed": size} for name, size in freed.items()])


@bundles.command("path")
@click.argument("name")
@_json
def show_path(name: str, as_json: bool) -> None:
    """Print the folder of the bundle NAME."""
    from pia_edge import sample
    from pia_edge.bundle.names import SAMPLE
    from pia_edge.bundle.store import Store

    folder = sample.path() if name == SAMPLE else Store.open().path(name)
    if as_json:
        print_json({"name": name, "path": str(folder)})
    else:
        click.echo(str(folder))


def _ask(names: list[str]) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("Nobody can be asked here; --yes removes without asking.")
    if not click.confirm(f"Remove {', '.join(names)}?", err=True):
        raise Cancelled("Nothing was removed.")
