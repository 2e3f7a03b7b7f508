"""``pia-edge inspect`` and ``pia-edge verify``."""

import sys
from pathlib import Path

import click

from pia_edge import sample


@click.command(epilog="Without BUNDLE the sample that ships is shown.")
@click.argument("bundle", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="The whole manifest as JSON on stdout.")
def inspect(bundle: Path | None, as_json: bool) -> None:
    """Show what BUNDLE holds, without reading its weights."""
    import msgspec

    from pia_edge.bundle import read_manifest
    from pia_edge.bundle.manifest import Manifest

    folder = bundle or sample.path()
    manifest, sha256 = read_manifest(folder)
    if as_json:
        sys.stdout.write(msgspec.json.encode(manifest).decode() + "\n")
        return

    def describe(manifest: Manifest) -> list[tuple[str, str]]:
        sizes, frames, scheduler = manifest.sizes, manifest.frames, manifest.scheduler
        return [
            ("name", manifest.name),
            ("what", manifest.description),
            ("format", f"{manifest.format}, norm_mode {manifest.norm_mode}"),
            ("sizes", f"{sizes.minimum} to {sizes.maximum} pixels, multiples of {sizes.multiple}"),
            ("frames", f"trained with {frames.trained}, at most {frames.maximum}"),
            ("scheduler", f"{scheduler.name}, {scheduler.prediction_type}, {scheduler.timestep_spacing} timesteps"),
            ("disk", f"{sum(file.size for file in manifest.files.values()) / 2**20:.1f} MB"),
            ("sha256", sha256),
            *((f"from: {source.part}", f"{source.origin} ({source.licence})") for source in manifest.sources),
        ]

    for key, value in describe(manifest):
        click.echo(f"{key + ':':<24}{value}")
    click.echo("modules:")
    for module, artifact in manifest.modules.items():
        parity = manifest.parity.get(module)
        proven = f", {parity.psnr_db:.0f} dB against the reference ({parity.runtime})" if parity else ""
        files = ", ".join([*([artifact.graph] if artifact.graph else []), *artifact.weights])
        click.echo(f"  {module:<14} {artifact.precision}{proven}: {files}")


@click.command(epilog="Without BUNDLE the sample that ships is verified.")
@click.argument("bundle", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON on stdout.")
def verify(bundle: Path | None, as_json: bool) -> None:
    """Check every file of BUNDLE against the sizes and hashes in its manifest."""
    import msgspec

    from pia_edge.bundle import Bundle

    opened = Bundle.open(bundle or sample.path())
    count = len(opened.manifest.files)
    if as_json:
        result = {"path": str(opened.path), "sha256": opened.sha256, "files": count, "ok": True}
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        click.echo(f"{opened.path}: {count} files as the manifest says, sha256 {opened.sha256}")
