"""``pia-edge import``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.options import path_and_scale, path_and_word
from pia_edge.cli.results import print_json
from pia_edge.cli.terminal import run_with_progress
from pia_edge.extras import IMPORTING, check_installed

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.cancel import CancelToken
    from pia_edge.importer import ImportRequest
    from pia_edge.progress import OnStep

_PATH = click.Path(path_type=Path)


@click.command(
    "import",
    epilog="""\b
Examples:
  pia-edge import --base toonyou.safetensors --pia pia.ckpt --allow-pickle
  pia-edge import --base sd15/ --pia PIA-condition-adapter/ --lora ink.safetensors:0.8 -o ink/
  pia-edge import --from toonyou --base lyriel.safetensors    # same motion, another look
  pia-edge import --base what-is-this.ckpt --pia pia.ckpt --allow-pickle --dry-run
""",
)
@click.option("--base", type=_PATH, help="Stable Diffusion 1 model: a single file, or a folder of diffusers.")
@click.option("--pia", type=_PATH, help="PIA weights: pia.ckpt, a .safetensors of it, or a motion adapter folder.")
@click.option("--from", "bundle", type=_PATH, help="A bundle that gives all that is not given otherwise.")
@click.option("--vae", type=_PATH, help="An autoencoder to use instead of the base model's.")
@click.option("--text-encoder", type=_PATH, help="A text encoder to use instead of the base model's.")
@click.option("--tiny-decoder", type=_PATH, help="TAESD, a fast decoder for animate --decoder tiny: a file or folder.")
@click.option(
    "--tokenizer", type=_PATH, help="Folder of vocab.json and merges.txt; found by itself if on this computer."
)
@click.option("--lora", "loras", multiple=True, metavar="PATH[:SCALE]", help="A LoRA to fuse; repeat for several.")
@click.option("--motion-lora", "motion", multiple=True, metavar="PATH[:SCALE]", help="A motion LoRA; repeat likewise.")
@click.option("--embedding", "embeddings", multiple=True, metavar="PATH[:WORD]", help="A textual-inversion embedding.")
@click.option(
    "--conv-in",
    type=click.Choice(["base", "pia"]),
    help="Whose channels read the noise: base (for personalized models) or pia (the paper's, for plain SD 1.5).",
)
@click.option(
    "--lora-scaling",
    type=click.Choice(["alpha", "original"]),
    default="alpha",
    help="Strength at scale 1: alpha / rank as usual, or 1 as in the paper's code.",
)
@click.option("--norm-mode", type=click.Choice(["pia", "diffusers"]), help="pia if not given; see docs/models.md.")
@click.option("--precision", type=click.Choice(["fp16", "fp32"]), help="How weights are kept; fp16 if not given.")
@click.option("--name", help="What the bundle is called; made of the files' names if not given.")
@click.option("-o", "--output", type=_PATH, help="Folder to make; among your bundles if not given.")
@click.option("--overwrite", is_flag=True, help="Replace an existing bundle.")
@click.option("--allow-pickle", is_flag=True, help="Read .ckpt, .pt and .bin files too; nothing in them is run.")
@click.option("--dry-run", is_flag=True, help="Say what each file is and what would be taken from it; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Describe the result as JSON on stdout; no progress.")
def import_models(
    base: Path | None,
    pia: Path | None,
    bundle: Path | None,
    vae: Path | None,
    text_encoder: Path | None,
    tiny_decoder: Path | None,
    tokenizer: Path | None,
    loras: tuple[str, ...],
    motion: tuple[str, ...],
    embeddings: tuple[str, ...],
    conv_in: str | None,
    lora_scaling: str,
    norm_mode: str | None,
    precision: str | None,
    name: str | None,
    output: Path | None,
    overwrite: bool,
    allow_pickle: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a bundle of a Stable Diffusion 1 model, PIA's weights, LoRAs and embeddings."""
    check_installed("Importing models", IMPORTING)
    from pia_edge.bundle.find import find_bundle
    from pia_edge.importer import ConvIn, ImportRequest, LoraScaling, NamedPath, NormMode, Precision, ScaledPath

    request = ImportRequest(
        base=base,
        pia=pia,
        bundle=find_bundle(bundle) if bundle is not None else None,
        vae=vae,
        text_encoder=text_encoder,
        tiny_decoder=tiny_decoder,
        tokenizer=tokenizer,
        loras=tuple(ScaledPath(*path_and_scale(text)) for text in (*loras, *motion)),
        embeddings=tuple(NamedPath(*path_and_word(text)) for text in embeddings),
        conv_in=ConvIn(conv_in) if conv_in else None,
        lora_scaling=LoraScaling(lora_scaling),
        norm_mode=NormMode(norm_mode) if norm_mode else None,
        precision=Precision(precision) if precision else None,
        name=name,
        allow_pickle=allow_pickle,
    )
    if dry_run:
        _show_plan(request, as_json)
    else:
        _report(_make(request, output, overwrite, quiet=as_json), as_json)


def _make(request: "ImportRequest", output: Path | None, overwrite: bool, *, quiet: bool) -> "Bundle":
    from pia_edge.importer import import_bundle

    def work(token: "CancelToken", on_step: "OnStep | None") -> "Bundle":
        return import_bundle(request, output, overwrite=overwrite, on_step=on_step, cancel=token)

    return run_with_progress(work, quiet=quiet)


def _show_plan(request: "ImportRequest", as_json: bool) -> None:
    from pia_edge.importer import make_plan

    plan = make_plan(request)
    if as_json:
        lines = [_readable(text) for text in plan.lines()]
        print_json({"lines": lines, "bytes": plan.num_bytes, "precision": plan.precision})
        return
    for text in plan.lines():
        click.echo(text)


def _report(bundle: "Bundle", as_json: bool) -> None:
    manifest = bundle.manifest
    if as_json:
        path = _readable(str(bundle.path))
        print_json({"path": path, "name": manifest.name, "sha256": bundle.sha256, "sources": manifest.sources})
        return
    click.echo(str(bundle.path))
    size = manifest.num_bytes
    click.echo(f"{manifest.name}: {manifest.description}, {size / 1e6:.0f} MB", err=True)


def _readable(text: str) -> str:
    # File names that are not Unicode exist on Linux; JSON is.
    return text.encode(errors="backslashreplace").decode()
