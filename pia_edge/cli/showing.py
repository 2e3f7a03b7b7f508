"""``pia-edge bundles show``: a manifest in words."""

from typing import TYPE_CHECKING

import click

from pia_edge.cli.results import in_words, print_json

if TYPE_CHECKING:
    from pia_edge.bundle.manifest import Manifest, Source


@click.command(epilog="Without BUNDLE the sample that ships is shown.")
@click.argument("bundle", required=False)
@click.option("--json", "as_json", is_flag=True, help="The whole manifest as JSON on stdout.")
def show(bundle: str | None, as_json: bool) -> None:
    """Show what BUNDLE holds, without reading its weights."""
    from pia_edge.bundle import read_manifest
    from pia_edge.bundle.find import find_bundle

    manifest, sha256 = read_manifest(find_bundle(bundle))
    if as_json:
        print_json(manifest)
        return
    for key, value in [*_facts(manifest), ("sha256", sha256), *_origins(manifest)]:
        click.echo(f"{key + ':':<24}{value}")
    click.echo("modules:")
    for module, artifact in manifest.modules.items():
        parity = manifest.parity.get(module)
        proven = f", {parity.psnr_db:.0f} dB against the reference ({parity.runtime})" if parity else ""
        files = ", ".join([*([artifact.graph] if artifact.graph else []), *artifact.weights])
        click.echo(f"  {module:<14} {artifact.precision}{proven}: {files}")


def _facts(manifest: "Manifest") -> list[tuple[str, str]]:
    sizes, frames, scheduler = manifest.sizes, manifest.frames, manifest.scheduler
    facts = [
        ("name", manifest.name),
        ("what", manifest.description),
        ("format", f"{manifest.format}, norm_mode {manifest.norm_mode}"),
        ("sizes", f"{sizes.minimum} to {sizes.maximum} pixels, multiples of {sizes.multiple}"),
        ("frames", f"trained with {frames.trained}, at most {frames.maximum}"),
        ("scheduler", f"{scheduler.name}, {scheduler.prediction_type}, {scheduler.timestep_spacing} timesteps"),
        ("disk", in_words(manifest.num_bytes)),
    ]
    if manifest.conv_in is not None:
        facts.append(("conv_in", f"from the {manifest.conv_in} weights"))
    if manifest.added_tokens:
        facts.append(("added words", ", ".join(manifest.added_tokens)))
    return facts


def _origins(manifest: "Manifest") -> list[tuple[str, str]]:
    return [(f"from: {source.part}", _origin(source)) for source in manifest.sources]


def _origin(source: "Source") -> str:
    scale = "" if source.scale is None else f", fused at scale {source.scale:g}"
    detail = f": {source.detail}" if source.detail else ""
    return f"{source.origin} ({source.licence}){scale}{detail}"
