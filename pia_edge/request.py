"""What a user asks for: `AnimationRequest`, and the choices it is made of, validated."""

import secrets
from enum import StrEnum

import msgspec

from pia_edge import checks
from pia_edge.checks import MAX_PROMPT_CHARACTERS, choice, number, put, shown, whole
from pia_edge.errors import RequestError
from pia_edge.keyframes import Position
from pia_edge.motion import Level, Motion, check_frames
from pia_edge.prompt_travel import check_travel

__all__ = [
    "MAX_FPS",
    "MAX_GUIDANCE_SCALE",
    "MAX_INFERENCE_STEPS",
    "MAX_NUM_FRAMES",
    "MAX_PROMPT_CHARACTERS",
    "MAX_SEED",
    "MAX_SIZE",
    "AnimationRequest",
    "Fit",
    "Level",
    "Motion",
    "SchedulerName",
    "check_frames",
    "draw_seed",
]

MAX_SEED = 2**63 - 1
MAX_NUM_FRAMES = 1024
MAX_SIZE = 4096
MAX_INFERENCE_STEPS = 1000
MAX_GUIDANCE_SCALE = 100.0
MAX_FPS = 120.0


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


class AnimationRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a clip depends on beside the condition image and the bundle.

    None leaves the choice to the bundle (`negative_prompt`, `num_frames`, `size`, `scheduler`,
    `num_inference_steps`, `guidance_scale`) or to chance (`seed`).
    `size` is (width, height) in pixels, multiples of 8. `fps` is in frames per second. `guidance_interval` is the
    part of the walk in which guidance acts, 0 being its first step and 1 its end; the other steps are half
    the work (Kynkäänniemi et al. 2024).

    `prompts_at` holds further prompts and where they act, each a frame or a part of the clip such as ``"50%"``; the
    `prompt` itself acts at frame 0, and between two of them the one passes into the other
    (:mod:`pia_edge.prompt_travel` says at what cost).

    `window` is how many frames the UNet is given at once. None leaves it to the length of the clip: the bundle's
    trained number where the clip is longer, all frames otherwise. `overlap` is how many frames neighbouring windows
    share at least, a quarter of the window if None (:mod:`pia_edge.windows`).

    Raises:
        RequestError: a value is of the wrong kind or outside its range.
    """

    prompt: str
    negative_prompt: str | None = None
    prompts_at: tuple[tuple[Position, str], ...] = ()
    motion: Motion = msgspec.field(default_factory=Motion)
    num_frames: int | None = None
    window: int | None = None
    overlap: int | None = None
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
        checks.prompt("prompt", self.prompt)
        if self.negative_prompt is not None:
            checks.prompt("negative prompt", self.negative_prompt)
        put(self, "prompts_at", check_travel(self.prompts_at))
        if not isinstance(self.motion, Motion):
            raise RequestError(f"motion: expected a Motion, found {shown(self.motion)}.")
        put(self, "fit", choice("fit", self.fit, Fit))
        if self.scheduler is not None:
            put(self, "scheduler", choice("scheduler", self.scheduler, SchedulerName))
        put(self, "fps", number("fps", self.fps, 0.1, MAX_FPS))
        self._check_whole_numbers()
        if self.guidance_scale is not None:
            put(self, "guidance_scale", number("guidance_scale", self.guidance_scale, 0, MAX_GUIDANCE_SCALE))
        if self.guidance_interval is not None:
            put(self, "guidance_interval", _interval(self.guidance_interval))
        if self.size is not None:
            put(self, "size", _size(self.size))
        if self.num_frames is not None:
            check_frames(self.motion, self.num_frames, self.condition_frame)

    def _check_whole_numbers(self) -> None:
        whole_numbers = (
            ("num_frames", 1, MAX_NUM_FRAMES),
            ("condition_frame", 0, MAX_NUM_FRAMES - 1),
            ("num_inference_steps", 1, MAX_INFERENCE_STEPS),
            ("seed", 0, MAX_SEED),
            ("window", 2, MAX_NUM_FRAMES),
            ("overlap", 1, MAX_NUM_FRAMES - 1),
        )
        for name, low, high in whole_numbers:
            value = getattr(self, name)
            if value is not None or name == "condition_frame":
                put(self, name, whole(name, value, low, high))
        if self.window is not None and self.overlap is not None and self.overlap >= self.window:
            raise RequestError(
                f"overlap: expected fewer frames than the window has, {self.window}, found {self.overlap}."
            )


def draw_seed() -> int:
    """A random seed in [0, 2**32): short enough to read aloud, and exact in every JSON reader."""
    return secrets.randbelow(2**32)


def _interval(value: object) -> tuple[float, float]:
    expected = f"guidance_interval: expected two numbers from 0 to 1, the smaller one first, found {shown(value)}."
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise RequestError(expected)
    first, last = (number("guidance_interval", part, 0, 1) for part in value)
    if first > last:
        raise RequestError(expected)
    return first, last


def _size(size: object) -> tuple[int, int]:
    expected = f"size: expected (width, height), multiples of 8 from 8 to {MAX_SIZE}, found {shown(size)}."
    if not isinstance(size, tuple | list) or len(size) != 2:
        raise RequestError(expected)
    width, height = (whole(name, side, 8, MAX_SIZE) for name, side in zip(("width", "height"), size, strict=True))
    if width % 8 or height % 8:
        raise RequestError(f"{expected} The image autoencoder works on blocks of 8 pixels.")
    return width, height
