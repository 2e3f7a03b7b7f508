"""Options that say how a clip moves, and what they stand for."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pia_edge.checks import shown
from pia_edge.errors import RequestError
from pia_edge.keyframes import Position, parse_keyframes, parse_position
from pia_edge.motion import Level, Motion, motion_of

if TYPE_CHECKING:
    from pia_edge.preset import Preset

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "-m",
        "--motion",
        type=click.Choice([level.value for level in Level]),
        help="How much moves; medium if not given.",
    ),
    click.option("--loop", is_flag=True, help="End where the clip began; played over and over it has no seam."),
    click.option("--style-transfer", is_flag=True, help="Depart from the picture's look; use a personalized bundle."),
    click.option(
        "--affinity",
        metavar="CURVE",
        help="Similarity to the picture, 1 to 0: per frame 1,0.9,0.8,…, a range 1..0.5, keyframes 0:1,50%:0.5,100%:1, "
        "or JSON of these, also in a FILE.json.",
    ),
    click.option(
        "--motion-from",
        metavar="CLIP",
        type=click.Path(path_type=Path),
        help="Move as strongly as another clip does, frame by frame: a GIF, WebP, APNG, MP4 or folder of PNGs.",
    ),
    click.option(
        "--preset",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Motion, fps and guidance scale from a JSON file, such as: pia-edge info CLIP --json > FILE.",
    ),
    click.option("--condition-frame", default=0, show_default=True, help="Which frame is the picture."),
    click.option(
        "--last-picture",
        metavar="IMAGE",
        type=click.Path(path_type=Path),
        help="What the clip ends with; affinity falls from the picture to the middle and rises to this one.",
    ),
    click.option(
        "--prompt-at",
        "prompts_at",
        metavar="FRAME:PROMPT",
        multiple=True,
        help='Another prompt from a frame or part of the clip on, such as 8:"night falls" or 50%:"night falls"; may be '
        "repeated. Each prompt that acts is one more pass through the UNet in every step.",
    ),
)


def motion_options(command: _Command) -> _Command:
    """Give ``command`` the options that say how a clip moves."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def motion_option(
    level: str | None,
    loop: bool,
    style_transfer: bool,
    affinity: str | None,
    motion_from: Path | None,
    preset: "Preset | None",
) -> Motion:
    """Return the motion that the options state; the default one if it is to be copied from a clip.

    Raises:
        click.UsageError: several of them state it.
        RequestError: what one of them states is no motion.
    """
    whole = {"--affinity": affinity, "--motion-from": motion_from, "--preset": preset}
    given = [name for name, value in whole.items() if value is not None]
    if not given:
        return Motion(level=Level(level or "medium"), loop=loop, style_transfer=style_transfer)
    if len(given) > 1 or level or loop or style_transfer:
        others = [name for name in whole if name != given[0]]
        named = "--motion, --loop and --style-transfer"
        raise click.UsageError(f"{given[0]} states the motion itself; leave out {named}, {' and '.join(others)}.")
    if affinity is not None:
        return affinity_option(affinity)
    return Motion() if preset is None else preset.motion


def affinity_option(text: str) -> Motion:
    """Return the motion of ``--affinity``.

    Raises:
        click.BadParameter: it is no curve, range, keyframes or JSON.
        RequestError: its values are no affinities, or the file cannot be read.
    """
    if text.lower().endswith(".json"):
        from pia_edge.preset import read_small_json

        return _from_json(read_small_json(text), text)
    if text.lstrip().startswith(("[", "{")):
        return _from_json(text.encode(errors="replace"), "--affinity")
    if ":" in text:
        return Motion(keyframes=parse_keyframes(text))
    first, separator, last = text.partition("..")
    parts = [first, last] if separator else text.split(",")
    try:
        values = tuple(float(part) for part in parts)
    except ValueError:
        values = ()
    if not values or not all(math.isfinite(value) for value in values):
        raise click.BadParameter(
            "expected one number from 0 to 1 per frame (1,0.9,0.8,…), a range (1..0.5), keyframes (0:1,8:0.5) or a "
            f"file of JSON (curve.json), found {text[:60]!a}.",
            param_hint="--affinity",
        )
    return Motion(linear=(values[0], values[1])) if separator else Motion(curve=values)


def prompts_option(texts: tuple[str, ...]) -> tuple[tuple[Position, str], ...]:
    """Return the prompts of ``--prompt-at`` and where each acts.

    Raises:
        RequestError: one has no position in front.
    """
    found = []
    for text in texts:
        position, colon, prompt = text.partition(":")
        if not colon:
            raise RequestError(
                f'--prompt-at: expected a frame, a colon and a prompt such as 8:"night falls", found {shown(text)}.'
            )
        found.append((parse_position(position), prompt.strip()))
    return tuple(found)


def _from_json(text: bytes, where: str) -> Motion:
    import msgspec

    try:
        values = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(
            f'{where}: expected JSON, a list such as [1, 0.9, 0.8] or keyframes such as [[0, 1], ["50%", 0.5]]: '
            f"{str(error)[:100]}."
        ) from error
    return motion_of(values)
