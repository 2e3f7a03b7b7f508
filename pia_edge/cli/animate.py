"""``pia-edge animate``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.motion import motion_option, motion_options, prompts_option
from pia_edge.cli.options import NumBytes, Size, interval_option
from pia_edge.cli.planning import show_plan
from pia_edge.cli.results import print_json
from pia_edge.cli.terminal import print_note, run_with_progress
from pia_edge.decoding import Decoder
from pia_edge.request import AnimationRequest, Fit, SchedulerName

if TYPE_CHECKING:
    from pia_edge.cancel import CancelToken
    from pia_edge.job import Job, Made
    from pia_edge.preset import Preset
    from pia_edge.progress import OnStep

_FPS = 8.0


@click.command(
    epilog="""\b
Examples:
  pia-edge animate cat.jpg --prompt "a cat, camera zooms in" -o cat.gif
  pia-edge animate sea.png --prompt "waves" --motion large --loop --seed 7 -o sea.webp
  pia-edge animate sea.png --prompt "waves" --affinity 1..0.4 --frames 24 -o frames/
  pia-edge animate sea.png --prompt "noon" --prompt-at 50%:"night" --frames 64 -o night.mp4
  pia-edge animate bud.png --prompt "a flower opens" --last-picture flower.png -o flower.gif
"""
)
@click.argument("image", type=click.Path(path_type=Path))
@click.option("-p", "--prompt", required=True, help="What the picture shows and what should move.")
@click.option("--negative-prompt", help="What should not appear; the bundle's choice if not given.")
@motion_options
@click.option(
    "--frames",
    "num_frames",
    type=int,
    help="Number of frames; the bundle's choice if not given. More than it was trained with are made in windows.",
)
@click.option(
    "--window", type=int, help="Frames that the UNet is given at once; those it was trained with in long clips."
)
@click.option(
    "--overlap", type=int, help="Frames that neighbouring windows share at least; a quarter of a window if not given."
)
@click.option("--size", type=Size(), help="Size of the clip; the picture's own, scaled down, if not given.")
@click.option(
    "--fit",
    type=click.Choice([fit.value for fit in Fit]),
    default="original",
    help="How the picture is brought to --size.",
)
@click.option(
    "--scheduler",
    type=click.Choice([name.value for name in SchedulerName]),
    help="How noise becomes a clip; the bundle's choice if not given. lcm is for bundles with LCM-LoRA in them.",
)
@click.option("--steps", "num_inference_steps", type=int, help="Denoising steps; the bundle's choice if not given.")
@click.option("--guidance-scale", type=float, help="How closely to follow the prompt; the bundle's choice.")
@click.option(
    "--guidance-interval",
    metavar="A..B",
    help="Part of the steps in which guidance acts, such as 0..0.7; the others are half the work.",
)
@click.option("--seed", type=int, help="0 to 2^63-1; drawn and reported if not given.")
@click.option("--bundle", metavar="NAME_OR_FOLDER", help="From: pia-edge bundles list; the sample if not given.")
@click.option("--backend", default="auto", show_default=True, help="auto, or a name from: pia-edge devices.")
@click.option(
    "--device",
    help="A device of the backend, from: pia-edge devices; or several: unet=NPU,vae_decoder=GPU,CPU.",
)
@click.option(
    "--decoder",
    type=click.Choice([decoder.value for decoder in Decoder]),
    default=Decoder.FULL.value,
    help="tiny is much faster and blurs fine detail, for bundles with a tiny decoder; full if not given.",
)
@click.option("--isolate", is_flag=True, help="Work in a process of its own, which memory or a driver may kill.")
@click.option(
    "--max-memory", type=NumBytes(), help="What the program may take, such as 3GB; all that is free if not given."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and what memory it takes, and do nothing.")
@click.option("--fps", type=float, help="Frames per second; 8 if not given.")
@click.option(
    "--interpolate",
    metavar="N",
    type=int,
    default=1,
    help="N times the frames per second: frames in between follow the motion; needs the extra video.",
)
@click.option("--ping-pong", is_flag=True, help="Play forwards, then backwards.")
@click.option("-o", "--output", help="FILE.gif, .webp, .apng, .mp4, or a folder for PNG files; IMAGE.gif if not given.")
@click.option("--overwrite", is_flag=True, help="Replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="Describe the result as JSON on stdout; no progress.")
def animate(
    image: Path,
    prompt: str,
    negative_prompt: str | None,
    motion: str | None,
    loop: bool,
    style_transfer: bool,
    affinity: str | None,
    motion_from: Path | None,
    preset: Path | None,
    condition_frame: int,
    last_picture: Path | None,
    prompts_at: tuple[str, ...],
    num_frames: int | None,
    window: int | None,
    overlap: int | None,
    size: tuple[int, int] | None,
    fit: str,
    scheduler: str | None,
    num_inference_steps: int | None,
    guidance_scale: float | None,
    guidance_interval: str | None,
    seed: int | None,
    bundle: str | None,
    backend: str,
    device: str | None,
    decoder: str,
    isolate: bool,
    max_memory: int | None,
    dry_run: bool,
    fps: float | None,
    interpolate: int,
    ping_pong: bool,
    output: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Animate the picture IMAGE as a sentence asks."""
    chosen = None if preset is None else _preset(preset)
    if chosen is not None:
        fps = chosen.fps if fps is None else fps
        guidance_scale = chosen.guidance_scale if guidance_scale is None else guidance_scale
    request = AnimationRequest(
        prompt=prompt,
        negative_prompt=negative_prompt,
        prompts_at=prompts_option(prompts_at),
        motion=motion_option(motion, loop, style_transfer, affinity, motion_from, chosen),
        num_frames=num_frames,
        window=window,
        overlap=overlap,
        size=size,
        fit=Fit(fit),
        condition_frame=condition_frame,
        scheduler=SchedulerName(scheduler) if scheduler else None,
        num_inference_steps=num_inference_steps,
        guidance_scale=guidance_scale,
        guidance_interval=None if guidance_interval is None else interval_option(guidance_interval),
        seed=seed,
        fps=_FPS if fps is None else fps,
    )
    from pia_edge.job import Job

    job = Job(
        picture=image,
        request=request,
        output=Path(output or f"{image.stem}.gif"),
        last_picture=last_picture,
        motion_from=motion_from,
        bundle=bundle,
        backend=backend,
        device=device,
        decoder=Decoder(decoder),
        ping_pong=ping_pong,
        interpolate=interpolate,
        overwrite=overwrite,
        max_memory=max_memory,
    )
    if dry_run:
        show_plan(job, as_json=as_json)
        return
    _report(_run(job, isolate=isolate, quiet=as_json), as_json)


def _run(job: "Job", *, isolate: bool, quiet: bool) -> "Made":
    from pia_edge.job import run_job
    from pia_edge.worker import Worker

    def work(token: "CancelToken", on_step: "OnStep | None") -> "Made":
        on_note = None if quiet else print_note
        if not isolate:
            return run_job(job, on_note=on_note, on_step=on_step, cancel=token)
        with Worker() as worker:
            return worker.animate(job, on_note=on_note, on_step=on_step, cancel=token)

    return run_with_progress(work, quiet=quiet)


def _preset(path: Path) -> "Preset":
    from pia_edge.preset import read_preset

    return read_preset(path)


def _report(made: "Made", as_json: bool) -> None:
    recipe = made.recipe
    if not as_json:
        click.echo(str(made.path))
        click.echo(f"{made.num_frames} frames, seed {recipe.seed}, {made.seconds:.1f} s on {recipe.backend}", err=True)
        return
    print_json(
        {
            "version": recipe.versions["pia-edge"],
            "output": [str(made.path)],
            "seed": recipe.seed,
            "recipe": recipe,
            "seconds": round(made.seconds, 3),
            "peak_memory_bytes": made.peak_memory,
            "notes": made.notes,
        }
    )
