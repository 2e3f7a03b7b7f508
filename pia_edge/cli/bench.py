"""``pia-edge bench``."""

from typing import TYPE_CHECKING

import click

from pia_edge.cli.options import Size
from pia_edge.cli.results import print_json
from pia_edge.cli.terminal import run_interruptibly
from pia_edge.errors import RequestError
from pia_edge.machine import machine, machine_lines

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.manifest import ClipSize
    from pia_edge.runtimes.timing import Timed


@click.command(epilog="Times are of this moment: close other programs, and compare only what ran one after the other.")
@click.argument("bundle", required=False)
@click.option("--backend", default="auto", show_default=True, help="auto, or a name from: pia-edge devices.")
@click.option("--device", help="A device of the backend, from: pia-edge devices.")
@click.option("--frames", type=click.IntRange(min=1), help="Frames of the clip; the bundle's choice if not given.")
@click.option("--size", type=Size(), help="Size of the clip; the bundle's choice if not given.")
@click.option("--runs", type=click.IntRange(min=1, max=1000), default=3, show_default=True, help="Runs that are timed.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout.")
def bench(
    bundle: str | None,
    backend: str,
    device: str | None,
    frames: int | None,
    size: tuple[int, int] | None,
    runs: int,
    as_json: bool,
) -> None:
    """Time every module of BUNDLE (a name or folder; the sample if not given), and say what a clip would take."""
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.memory import peak_memory
    from pia_edge.runtimes import pick
    from pia_edge.runtimes.timing import clip_seconds, time_modules

    opened = Bundle.open(find_bundle(bundle))
    chosen = pick(opened, backend).backend
    clip, found = _clip(opened, frames, size), machine()
    if not as_json:
        for line in machine_lines(found):
            click.echo(line)
        click.echo(f"{opened.manifest.name} ({opened.manifest.format}) on {chosen.name}")
        click.echo(f"{clip.frames} frames of {clip.width}x{clip.height}, guidance on")
    timed = run_interruptibly(
        lambda token: time_modules(
            opened, chosen, device, clip, runs=runs, on_module=None if as_json else _show, cancel=token
        )
    )
    steps = opened.manifest.defaults.num_inference_steps
    whole = clip_seconds(timed, steps=steps, frames=clip.frames)
    if not as_json:
        click.echo(f"a clip of {steps} steps: {whole:.1f} s; peak memory {(peak_memory() or 0) / 1e9:.2f} GB")
        return
    print_json(
        {
            "machine": found,
            "bundle": {"name": opened.manifest.name, "format": opened.manifest.format, "sha256": opened.sha256},
            "backend": chosen.name,
            "clip": clip,
            "runs": runs,
            "modules": timed,
            "steps": steps,
            "clip_seconds": whole,
            "peak_memory_bytes": peak_memory(),
        }
    )


def _clip(bundle: "Bundle", frames: int | None, size: tuple[int, int] | None) -> "ClipSize":
    """The clip that was asked for, or the bundle's usual one.

    Raises:
        RequestError: the bundle has fixed sizes, and none of them is this.
    """
    from pia_edge.bundle.manifest import ClipSize
    from pia_edge.clip_choice import choose_clip
    from pia_edge.runtimes.example_run import usual_clip

    usual = usual_clip(bundle)
    width, height = size or (usual.width, usual.height)
    if bundle.manifest.clips:
        return choose_clip(bundle.manifest.clips, frames=frames, size=size, picture=(width, height))
    sizes, most = bundle.manifest.sizes, bundle.manifest.frames.maximum
    fits = all(sizes.minimum <= side <= sizes.maximum and side % sizes.multiple == 0 for side in (width, height))
    if not fits or (frames or 1) > most:
        raise RequestError(
            f"Expected sides of {sizes.minimum} to {sizes.maximum} pixels, multiples of {sizes.multiple}, and at most "
            f"{most} frames, found {width}x{height} and {frames or usual.frames} frames."
        )
    return ClipSize(frames=frames or usual.frames, width=width, height=height)


def _show(timed: "Timed") -> None:
    click.echo(
        f"  {timed.module:<14} {timed.run * 1000:9.1f} ms ({timed.fastest * 1000:.1f} at best); "
        f"loaded, compiled and first run in {timed.first:.2f} s on {timed.device}"
    )
