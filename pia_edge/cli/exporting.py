"""``pia-edge export`` and ``pia-edge parity``."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.options import NumBytes, Size
from pia_edge.cli.results import print_json
from pia_edge.cli.terminal import run_interruptibly, run_with_progress
from pia_edge.errors import RequestError
from pia_edge.extras import EXPORTING, check_installed, needed_for_export
from pia_edge.modules import Module

if TYPE_CHECKING:
    from collections.abc import Callable

    from pia_edge.bundle import Bundle
    from pia_edge.bundle.manifest import ClipSize, Parity, RunParity
    from pia_edge.cancel import CancelToken
    from pia_edge.progress import OnStep

_PATH = click.Path(path_type=Path)
# Written out, since the room of export cannot be imported without PyTorch.
_TARGETS = ("onnx", "openvino", "coreml")
_PRECISIONS = ("fp32", "fp16", "int8", "int4", "w8a8", "palette8", "palette6", "palette4")

_MODULES = [module.value for module in Module]


@click.command(
    epilog="""\b
Examples:
  pia-edge export toonyou --target openvino --precision int8
  pia-edge export toonyou/ --target onnx -o toonyou-onnx/
"""
)
@click.argument("reference", type=_PATH)
@click.option("--target", type=click.Choice(_TARGETS), required=True, help="Format to write.")
@click.option(
    "--precision",
    type=click.Choice(_PRECISIONS),
    help="How weights are kept; fp16 if not given. int8 and int4 are smaller and less exact, w8a8 is faster on "
    "processors with 8-bit instructions, palettes are for Core ML alone.",
)
@click.option("--recipe", type=_PATH, help="JSON file of a precision and of layers that differ from it.")
@click.option("--frames", type=click.IntRange(min=1), multiple=True, help="Only for clips of so many frames.")
@click.option(
    "--size",
    type=Size(),
    multiple=True,
    help="Only for clips of this size; may be repeated for Core ML, whose sizes are always fixed.",
)
@click.option("--dynamic", is_flag=True, help="For clips of any size, as is usual but for Core ML.")
@click.option(
    "--piece-size",
    type=NumBytes(),
    help="For Core ML: the most that a package may have, such as 1GB; larger modules become several packages.",
)
@click.option(
    "--only",
    type=click.Choice(_MODULES),
    multiple=True,
    help="Only this module, to look at it or to compare it; may be repeated. motion_module is the first of the UNet's.",
)
@click.option("-o", "--output", type=_PATH, help="Folder to make; among your bundles if not given.")
@click.option("--name", help="Name among your bundles; REFERENCE-TARGET-PRECISION if not given.")
@click.option("--overwrite", is_flag=True, help="Replace an existing bundle.")
@click.option("--json", "as_json", is_flag=True, help="Describe the result as JSON on stdout; no progress.")
def export(
    reference: Path,
    target: str,
    precision: str | None,
    recipe: Path | None,
    frames: tuple[int, ...],
    size: tuple[tuple[int, int], ...],
    dynamic: bool,
    piece_size: int | None,
    only: tuple[str, ...],
    output: Path | None,
    name: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Export the bundle REFERENCE to a format that devices run, and prove it equal.

    An export that was interrupted goes on where it stopped when the same command is given again.
    """
    check_installed("Exporting", needed_for_export(target))
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.manifest import Format
    from pia_edge.bundle.names import exported_name
    from pia_edge.export import export as export_bundle
    from pia_edge.export.into_store import export_into_store
    from pia_edge.export.recipe_file import make_recipe

    if output is not None and name is not None:
        raise RequestError("--name is for your own bundles and --output for another folder. Give one of them.")
    if only and output is None:
        raise RequestError("--only makes a bundle to look at, which cannot animate. Say where with --output.")
    chosen = make_recipe(precision, recipe)
    opened = Bundle.open(find_bundle(reference))
    clips = _clips(opened, target, frames, size, dynamic)
    modules = tuple(Module(module) for module in only) or None
    make = partial(
        export_bundle, opened, target=Format(target), recipe=chosen, clips=clips, piece_size=piece_size, modules=modules
    )
    if output is not None:
        bundle = _run(make, output, overwrite, as_json)
    else:
        called = name or exported_name(opened.path.name, target, chosen.precision)
        bundle = export_into_store(lambda folder: _run(make, folder, True, as_json), called, overwrite=overwrite)
    _report(bundle, as_json)


@click.command(epilog="Both are folders, or names from: pia-edge bundles list.")
@click.argument("candidate", type=_PATH)
@click.argument("reference", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="The numbers as JSON on stdout.")
def parity(candidate: Path, reference: Path, as_json: bool) -> None:
    """Compare the bundle CANDIDATE with the bundle REFERENCE, module by module and over a denoising run."""
    check_installed("Comparing", EXPORTING)
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.export.comparison import compare
    from pia_edge.export.gate import comparing_backend

    bundles = [Bundle.open(find_bundle(path)) for path in (candidate, reference)]
    backends = [comparing_backend(bundle) for bundle in bundles]
    found = run_interruptibly(lambda _: compare(bundles[0], backends[0], bundles[1], backends[1]))
    if as_json:
        print_json({"modules": found.modules, "run": found.run})
        return
    for module, report in found.modules.items():
        click.echo(module_line(module, report))
    if found.run is not None:
        click.echo(run_line(found.run))


def module_line(module: str, report: "Parity") -> str:
    """Return one module's parity as a line of text."""
    return f"{module:<14} {report.psnr_db:6.1f} dB, max error {report.max_abs_error:.1e} ({report.runtime})"


def run_line(run: "RunParity") -> str:
    """Return the parity of a denoising run as a line of text."""
    return (
        f"{f'{run.steps} steps':<14} {run.psnr_db:6.1f} dB, prompt acts {run.cfg_delta_ratio:.3f} times as much, "
        f"flicker {run.flicker_ratio:.3f} times ({run.runtime})"
    )


def _clips(
    reference: "Bundle", target: str, frames: tuple[int, ...], sizes: tuple[tuple[int, int], ...], dynamic: bool
) -> "tuple[ClipSize, ...]":
    """The clips that an export is for: every size with every number of frames."""
    from pia_edge.bundle.manifest import ClipSize

    if dynamic and (frames or sizes or target == "coreml"):
        raise RequestError("--dynamic leaves size and frames open, which Core ML cannot. Leave out one or the other.")
    if not frames and not sizes:
        return ()
    edge = reference.manifest.sizes.long_edge
    counts = frames or (reference.manifest.frames.trained,)
    return tuple(
        ClipSize(frames=count, width=width, height=height)
        for width, height in sizes or ((edge, edge),)
        for count in counts
    )


def _run(make: "Callable[..., Bundle]", folder: Path, overwrite: bool, quiet: bool) -> "Bundle":
    def work(token: "CancelToken", on_step: "OnStep | None") -> "Bundle":
        return make(folder, overwrite=overwrite, on_step=on_step, cancel=token)

    return run_with_progress(work, quiet=quiet)


def _report(bundle: "Bundle", as_json: bool) -> None:
    manifest = bundle.manifest
    size = manifest.num_bytes
    if as_json:
        print_json(
            {
                "path": str(bundle.path),
                "name": manifest.name,
                "sha256": bundle.sha256,
                "bytes": size,
                "parity": manifest.parity,
                "run_parity": manifest.run_parity,
            }
        )
        return
    click.echo(str(bundle.path))
    for module, report in manifest.parity.items():
        click.echo(module_line(module, report), err=True)
    if manifest.run_parity is not None:
        click.echo(run_line(manifest.run_parity), err=True)
    click.echo(f"{size / 1e6:.0f} MB, {manifest.format}", err=True)
