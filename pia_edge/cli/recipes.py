"""``pia-edge info`` and ``pia-edge replay``."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.terminal import print_note, run_with_progress
from pia_edge.errors import PictureError

if TYPE_CHECKING:
    from pia_edge.clip import Recipe


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The recipe as JSON on stdout.")
def info(file: Path, as_json: bool) -> None:
    """Show how the clip FILE was made, from the recipe inside it."""
    import msgspec

    from pia_edge.clip import read_recipe

    recipe = read_recipe(file)
    if as_json:
        sys.stdout.write(recipe.to_json() + "\n")
        return
    for key, value in msgspec.to_builtins(recipe).items():
        click.echo(f"{key + ':':<24}{_shown(key, value)}")


@click.command(epilog="Exit code 1 says that the new clip differs from FILE.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--image", type=click.Path(path_type=Path), help="The picture, if it lies neither here nor beside FILE.")
@click.option("--last-picture", type=click.Path(path_type=Path), help="The picture that the clip ends with, likewise.")
@click.option("--bundle", metavar="NAME_OR_FOLDER", help="The bundle; the sample if not given.")
@click.option("--backend", help="Another backend than the recipe's.")
@click.option("-o", "--output", help="Also save the new clip.")
@click.option("--overwrite", is_flag=True, help="Replace an existing file.")
def replay(
    file: Path,
    image: Path | None,
    last_picture: Path | None,
    bundle: str | None,
    backend: str | None,
    output: str | None,
    overwrite: bool,
) -> int:
    """Make the clip FILE again and say whether it is identical."""
    from pia_edge.clip import read_recipe
    from pia_edge.image import read_picture
    from pia_edge.job import check_target
    from pia_edge.pipeline import AnimationPipeline

    recipe = read_recipe(file)
    picture = read_picture(image or _find_picture(file, recipe.picture_name, "--image"))
    last = None
    if recipe.last_picture_sha256:
        last = read_picture(last_picture or _find_picture(file, recipe.last_picture_name, "--last-picture"))
    if output:
        inputs = [each.path for each in (picture, last) if each is not None]
        check_target(Path(output), *inputs, fps=recipe.rate, overwrite=overwrite)
    pipeline = AnimationPipeline.open(bundle, backend or recipe.backend)
    request = recipe.request()
    plan = replace(pipeline.plan(picture, request, last_picture=last), split_guidance=recipe.split_guidance)
    animation = run_with_progress(
        lambda token, on_step: pipeline.animate(
            picture,
            request,
            last_picture=last,
            plan=plan,
            decoder=recipe.decoder,
            on_step=on_step,
            on_note=print_note,
            cancel=token,
            retried=recipe.retried,
        ),
        quiet=False,
    )
    if output:
        shown = animation.as_played(
            ping_pong=recipe.ping_pong, without_last=recipe.without_last, interpolate=recipe.interpolated
        )
        click.echo(str(shown.save(output, overwrite)))
    made = animation.recipe
    if made is not None and made.frames_sha256 == recipe.frames_sha256:
        click.echo("identical: every pixel of every frame")
        return 0
    click.echo("different")
    for what, old, new in _changes(recipe, made):
        click.echo(f"  {what}: {old} then, {new} now")
    return 1


def _shown(key: str, value: object) -> str:
    if key == "affinity" and isinstance(value, (list, tuple)):
        return " ".join(f"{number:.3g}" for number in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items() if item not in (None, False))
    return str(value)


def _find_picture(file: Path, name: str, option: str) -> Path:
    for folder in (file.parent, Path()):
        if name and (folder / name).is_file():
            return folder / name
    raise PictureError(
        f"The picture {name or 'of this clip'!a} lies neither beside {file} nor here. Name it with {option}."
    )


def _since(recipe: "Recipe", module: str) -> str:
    return f"from call {recipe.retried[module]}" if module in recipe.retried else "no"


def _changes(then: "Recipe", now: "Recipe | None") -> list[tuple[str, str, str]]:
    if now is None:
        return []
    pairs = [
        ("picture", then.picture_sha256[:12], now.picture_sha256[:12]),
        ("last picture", then.last_picture_sha256[:12], now.last_picture_sha256[:12]),
        ("bundle", f"{then.bundle_name} {then.bundle_sha256[:12]}", f"{now.bundle_name} {now.bundle_sha256[:12]}"),
        ("backend", f"{then.backend} {then.device}", f"{now.backend} {now.device}"),
    ]
    pairs += [
        (f"{module} in float32", _since(then, module), _since(now, module))
        for module in sorted(then.retried.keys() | now.retried.keys())
    ]
    names = sorted(then.versions.keys() | now.versions.keys())
    pairs += [(name, then.versions.get(name, "none"), now.versions.get(name, "none")) for name in names]
    return [(what, old, new) for what, old, new in pairs if old != new]
