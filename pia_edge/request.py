"""What a user asks for: `AnimationRequest`, `Motion`, and the choices they are made of, validated."""

import operator
import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import SupportsFloat, TypeVar

import msgspec

from pia_edge.errors import RequestError

MAX_PROMPT_CHARACTERS = 8192
MAX_SEED = 2**63 - 1
MAX_NUM_FRAMES = 1024
MAX_SIZE = 4096
MAX_INFERENCE_STEPS = 1000
MAX_GUIDANCE_SCALE = 100.0
MAX_FPS = 120.0


class Level(StrEnum):
    """How much moves: the paper's small, moderate and large motion."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Fit(StrEnum):
    """How the condition image is brought to the size of the clip."""

    ORIGINAL = "original"
    """Keep the aspect ratio and scale the long edge, as the paper's code does."""
    CROP = "crop"
    """Fill the size and cut what stands over."""
    PAD = "pad"
    """Show the whole picture and fill what stays empty."""


class SchedulerName(StrEnum):
    """How a clip walks from noise to frames."""

    DDIM = "ddim"
    """The paper's: deterministic."""
    EULER = "euler"
    """Deterministic."""
    EULER_ANCESTRAL = "euler_ancestral"
    """Fresh noise in every step."""
    DPM_SOLVER = "dpm_solver"
    """DPM-Solver++ 2M: deterministic, good in fewer steps."""
    LCM = "lcm"
    """For bundles with LCM-LoRA or AnimateLCM in them: 4 to 8 steps, no guidance."""


class Motion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the clip departs from the condition image: a named motion, or affinity given directly.

    A named motion is a `level`, optionally as `loop` (the clip returns to the condition image) or as
    `style_transfer` (the whole clip departs from it). `curve` (one affinity per frame) or `linear` (those of
    the first and the last frame) replace the named motion. Affinity lies in [0, 1]; 1 is the condition image.
    `original_rows` takes the paper's table as it is, without fitting a loop to the number of frames.

    Raises:
        RequestError: two choices exclude each other, or a value is outside its range.
    """

    level: Level = Level.MEDIUM
    loop: bool = False
    style_transfer: bool = False
    curve: tuple[float, ...] | None = None
    linear: tuple[float, float] | None = None
    original_rows: bool = False

    def __post_init__(self) -> None:
        _set(self, "level", _choice("motion level", self.level, Level))
        for name in ("loop", "style_transfer", "original_rows"):
            _flag(f"motion {name}", getattr(self, name))
        if self.curve is not None:
            _set(self, "curve", _affinities("motion curve", self.curve))
        if self.linear is not None:
            _set(self, "linear", _affinities("linear motion", self.linear, count=2))
        self._check_exclusive()

    def _check_exclusive(self) -> None:
        if self.loop and self.style_transfer:
            raise RequestError(
                "A motion is either a loop or a style transfer, but both were asked for. Choose one of them."
            )
        if self.curve is not None and self.linear is not None:
            raise RequestError("A motion has either a curve or a linear range, but got both. Remove one.")
        if self.curve is None and self.linear is None:
            return
        given = "curve" if self.curve is not None else "linear"
        named = [name for name in ("loop", "style_transfer", "original_rows") if getattr(self, name)]
        if self.level is not Level.MEDIUM:
            named.insert(0, "level")
        if named:
            raise RequestError(
                f"A motion with {given!r} states the affinity itself, so {', '.join(named)} would have no "
                f"effect. Remove either {given!r} or {', '.join(named)}."
            )


class AnimationRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a clip depends on beside the condition image and the bundle.

    None leaves the choice to the bundle (`negative_prompt`, `num_frames`, `size`, `scheduler`,
    `num_inference_steps`, `guidance_scale`) or to chance (`seed`).
    `size` is (width, height) in pixels, multiples of 8. `fps` is in frames per second. `guidance_interval` is the
    part of the walk in which guidance acts, 0 being its first step and 1 its end; the other steps are half
    the work (Kynkäänniemi et al. 2024).

    Raises:
        RequestError: a value is of the wrong kind or outside its range.
    """

    prompt: str
    negative_prompt: str | None = None
    motion: Motion = msgspec.field(default_factory=Motion)
    num_frames: int | None = None
    size: tuple[int, int] | None = None
    fit: Fit = Fit.ORIGINAL
    condition_frame: int = 0
    scheduler: SchedulerName | None = None
    num_inference_steps: int | None = None
    guidance_scale: float | None = None
    guidance_interval: tuple[float, float] | None = None
    seed: int | None = None
    fps: float = 8.0

    def __post_init__(self) -> None:
        _check_prompt("prompt", self.prompt)
        if self.negative_prompt is not None:
            _check_prompt("negative prompt", self.negative_prompt)
        if not isinstance(self.motion, Motion):
            raise RequestError(f"motion: expected a Motion, found {_shown(self.motion)}.")
        _set(self, "fit", _choice("fit", self.fit, Fit))
        if self.scheduler is not None:
            _set(self, "scheduler", _choice("scheduler", self.scheduler, SchedulerName))
        _set(self, "fps", _number("fps", self.fps, 0.1, MAX_FPS))
        whole_numbers = (
            ("num_frames", 1, MAX_NUM_FRAMES),
            ("condition_frame", 0, MAX_NUM_FRAMES - 1),
            ("num_inference_steps", 1, MAX_INFERENCE_STEPS),
            ("seed", 0, MAX_SEED),
        )
        for name, low, high in whole_numbers:
            value = getattr(self, name)
            if value is not None or name == "condition_frame":
                _set(self, name, _whole(name, value, low, high))
        if self.guidance_scale is not None:
            _set(self, "guidance_scale", _number("guidance_scale", self.guidance_scale, 0, MAX_GUIDANCE_SCALE))
        if self.guidance_interval is not None:
            _set(self, "guidance_interval", _interval(self.guidance_interval))
        if self.size is not None:
            _set(self, "size", _size(self.size))
        if self.num_frames is not None:
            check_frames(self.motion, self.num_frames, self.condition_frame)


def draw_seed() -> int:
    """A random seed in [0, 2**32): short enough to read aloud, and exact in every JSON reader."""
    return secrets.randbelow(2**32)


def check_frames(motion: Motion, num_frames: int, condition_frame: int) -> None:
    """Check what can only be known with the number of frames.

    Raises:
        RequestError: the condition frame is not one of the frames, or the curve has another length.
    """
    if num_frames < 1:
        raise RequestError(f"num_frames: expected at least 1, found {num_frames}.")
    if not 0 <= condition_frame < num_frames:
        raise RequestError(
            f"condition_frame: expected a frame of the clip, 0 to {num_frames - 1}, found {condition_frame}. "
            f"Choose one of them, or more frames."
        )
    if motion.curve is not None and len(motion.curve) != num_frames:
        raise RequestError(
            f"motion curve: expected one affinity per frame, {num_frames}, found {len(motion.curve)}. "
            f"Give {num_frames} values, or ask for {len(motion.curve)} frames."
        )


_Choice = TypeVar("_Choice", bound=StrEnum)


def _set(struct: msgspec.Struct, name: str, value: object) -> None:
    msgspec.structs.force_setattr(struct, name, value)


def _shown(value: object) -> str:
    try:
        shown = ascii(value)
    except ValueError:  # Python refuses to print whole numbers of more than 4300 digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _choice(name: str, value: object, choices: type[_Choice]) -> _Choice:
    try:
        return choices(str(value))
    except ValueError:
        raise RequestError(f"{name}: expected one of {', '.join(choices)}, found {_shown(value)}.") from None


def _flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise RequestError(f"{name}: expected true or false, found {_shown(value)}.")


def _whole(name: str, value: object, low: int, high: int) -> int:
    expected = f"{name}: expected a whole number from {low} to {high}, found {_shown(value)}."
    if isinstance(value, bool):
        raise RequestError(expected)
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # any integer type; the rest raises TypeError
    except TypeError:
        raise RequestError(expected) from None
    if not low <= number <= high:
        raise RequestError(expected)
    return number


def _number(name: str, value: object, low: float, high: float) -> float:
    expected = f"{name}: expected a number from {low:g} to {high:g}, found {_shown(value)}."
    if isinstance(value, bool | str) or not isinstance(value, SupportsFloat):
        raise RequestError(expected)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise RequestError(expected) from None
    if not low <= number <= high:  # NaN fails this as well
        raise RequestError(expected)
    return number


def _affinities(name: str, values: object, count: int | None = None) -> tuple[float, ...]:
    kind = "affinities" if count is None else f"{count} affinities"
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise RequestError(f"{name}: expected {kind} from 0 to 1, found {_shown(values)}.")
    affinities = tuple(_number(f"{name}[{index}]", value, 0, 1) for index, value in enumerate(values))
    if len(affinities) != (count or max(1, len(affinities))):
        raise RequestError(f"{name}: expected {kind} from 0 to 1, found {len(affinities)} values.")
    return affinities


def _interval(value: object) -> tuple[float, float]:
    expected = f"guidance_interval: expected two numbers from 0 to 1, the smaller one first, found {_shown(value)}."
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise RequestError(expected)
    first, last = (_number("guidance_interval", part, 0, 1) for part in value)
    if first > last:
        raise RequestError(expected)
    return first, last


def _size(size: object) -> tuple[int, int]:
    expected = f"size: expected (width, height), multiples of 8 from 8 to {MAX_SIZE}, found {_shown(size)}."
    if not isinstance(size, tuple | list) or len(size) != 2:
        raise RequestError(expected)
    width, height = (_whole(name, side, 8, MAX_SIZE) for name, side in zip(("width", "height"), size, strict=True))
    if width % 8 or height % 8:
        raise RequestError(f"{expected} The image autoencoder works on blocks of 8 pixels.")
    return width, height


def _check_prompt(name: str, text: object) -> None:
    if not isinstance(text, str):
        raise RequestError(f"{name}: expected text, found {_shown(text)}.")
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise RequestError(
            f"{name}: expected at most {MAX_PROMPT_CHARACTERS} characters, found {len(text)}. Shorten it: "
            f"the text encoder reads about 75 words."
        )
    for position, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            kind = "a NUL character" if character == "\0" else "half of a surrogate pair"
            raise RequestError(f"{name}: expected Unicode text, found {kind} at character {position + 1}. Delete it.")
