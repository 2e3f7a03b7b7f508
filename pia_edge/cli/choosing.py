"""``pia-edge recipe``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.options import NumBytes
from pia_edge.cli.results import print_json
from pia_edge.cli.terminal import run_with_progress
from pia_edge.errors import RequestError
from pia_edge.extras import check_installed

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.cancel import CancelToken
    from pia_edge.export.recipe import Storage
    from pia_edge.export.search import Choice
    from pia_edge.progress import OnStep

_PATH = click.Path(path_type=Path)


@click.command(
    epilog="""\b
Examples:
  pia-edge recipe toonyou --size 900MB -o small.json
  pia-edge recipe toonyou --psnr 35 -o fair.json
  pia-edge export toonyou --target openvino --recipe small.json
"""
)
@click.argument("reference", type=_PATH)
@click.option("--size", type=NumBytes(), help="Largest size of the exported bundle: 900MB, 1.2GB; MB are 10⁶ bytes.")
@click.option("--psnr", type=float, metavar="DB", help="Least quality of the UNet over a denoising run, in dB.")
@click.option(
    "--floor",
    type=click.Choice(["int8", "int4"]),
    default="int4",
    show_default=True,
    help="The fewest bits that a layer may have.",
)
@click.option("-o", "--output", type=_PATH, required=True, help="JSON file to write, for: pia-edge export --recipe.")
@click.option("--overwrite", is_flag=True, help="Replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="Describe the result as JSON on stdout; no progress.")
def recipe(
    reference: Path,
    size: int | None,
    psnr: float | None,
    floor: str,
    output: Path,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Find how to store each layer of the bundle REFERENCE, so that exports have a given size or quality.

    Measures how much each layer suffers from fewer bits, flicker included, and spends bits where they help most.
    """
    if (size is None) == (psnr is None):
        raise RequestError("--size asks for a size and --psnr for a quality. Give one of them.")
    check_installed("Finding a recipe", ("torch", "diffusers", "transformers"))
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.export.recipe import Storage
    from pia_edge.export.recipe_file import write_recipe
    from pia_edge.files import check_file_target

    check_file_target(output, overwrite=overwrite)
    opened = Bundle.open(find_bundle(reference))
    choice = _run(opened, size, psnr, Storage(floor), as_json)
    write_recipe(output, choice.recipe, overwrite=overwrite)
    _report(output, choice, as_json)


def _run(reference: "Bundle", size: int | None, psnr: float | None, floor: "Storage", quiet: bool) -> "Choice":
    from pia_edge.export.search import Search

    def work(token: "CancelToken", on_step: "OnStep | None") -> "Choice":
        search = Search(reference, on_step=on_step, cancel=token)
        return search.reaching(psnr, floor) if psnr is not None else search.within(size or 0, floor)

    return run_with_progress(work, quiet=quiet)


def _report(path: Path, choice: "Choice", as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "path": str(path),
                "recipe": choice.recipe,
                "bytes": choice.num_bytes,
                "predicted_db": choice.predicted_db,
                "quality": choice.quality,
                "layers": choice.layers,
            }
        )
        return
    click.echo(str(path))
    for group, counts in choice.layers.items():
        stored = ", ".join(f"{count} {storage}" for storage, count in sorted(counts.items()))
        click.echo(f"{group:<14} {stored}", err=True)
    click.echo(f"{'unet':<14} {choice.quality}; {choice.predicted_db:.1f} dB were expected", err=True)
    size = f"at most {choice.num_bytes / 1e6:.2f} MB"
    click.echo(f"{size}, {choice.recipe.precision} but for {len(choice.recipe.layers)} layers", err=True)
