"""How much memory a clip will take, and what to do if that is too much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pia_edge.bundle import Bundle
from pia_edge.bundle.layout import layout_of
from pia_edge.errors import OutOfMemoryError
from pia_edge.memory_use import MemoryUse
from pia_edge.modules import Module

_TEXT_BATCH = 2
_LATENTS = 6
"""Arrays of the size of the latents: noise, latents, what is blended, and what a scheduler remembers and computes."""


@dataclass(frozen=True, kw_only=True)
class ClipShape:
    """What of a clip decides the memory that it takes."""

    frames: int
    """That the UNet is given at once."""
    width: int
    """In pixels."""
    height: int
    guided: bool
    """Whether the UNet may be given two prompts at once."""
    whole: int = 0
    """Frames of the clip, where the UNet is given windows over them one after the other; 0 where it is given all."""

    @property
    def windowed(self) -> bool:
        """Whether the UNet is given windows."""
        return self.whole > self.frames


@dataclass(frozen=True, kw_only=True)
class MemoryPlan:
    """How the modules of one clip are run, the fastest way that fits."""

    keep_unet: bool = True
    """Whether the UNet stays loaded while frames are decoded, and for the next clip."""
    split_guidance: bool = False
    """Whether the UNet is called for one prompt after the other."""
    stages: Mapping[str, int] | None = None
    """Bytes that the process takes at most while it encodes, denoises and decodes; None where nobody knows."""

    @property
    def peak(self) -> int | None:
        """Bytes that the process takes at most."""
        return None if self.stages is None else max(self.stages.values())

    def notes(self) -> tuple[str, ...]:
        """Return what the user should know of it."""
        if not self.split_guidance:
            return ()
        return ("memory is short, so the prompt and the negative prompt take turns, which is a little slower",)


LEANEST = MemoryPlan(keep_unet=False, split_guidance=True)
_WAYS = (MemoryPlan(), MemoryPlan(keep_unet=False), LEANEST)
"""From the fastest to the one that takes the least.

Frames are decoded one by one in all of them, and text encoder, VAE encoder and condition module are let go of before
the UNet is loaded. Without the UNet, decoding takes less than the UNet does, so that tiles would gain nothing.
"""


def plan_memory(
    bundle: Bundle, use: MemoryUse | None, shape: ClipShape, limit: int | None, *, allowed: bool = True
) -> MemoryPlan:
    """Return the fastest way that fits into ``limit``.

    Args:
        bundle: what runs.
        use: what its backend takes; None if that is not known, and then nothing is planned.
        shape: of the clip.
        limit: bytes that the process may take; None for any number.
        allowed: whether ``limit`` is what the user allows. If it is only what happens to be free, the leanest way is
            returned where none fits.

    Raises:
        OutOfMemoryError: no way fits into what is allowed.
    """
    if use is None:
        return MemoryPlan()
    plans = [estimate(bundle, use, shape, way) for way in _WAYS if shape.guided or not way.split_guidance]
    for plan in plans:
        if limit is None or (plan.peak or 0) <= limit:
            return plan
    if not allowed:
        return plans[-1]
    least = plans[-1].peak or 0
    raise OutOfMemoryError(
        f"This clip takes about {_gigabytes(least)} GB at least, and {_gigabytes(limit or 0)} GB are allowed. "
        f"{_advice(bundle, use, shape, limit or 0)}"
    )


def estimate(bundle: Bundle, use: MemoryUse, shape: ClipShape, way: MemoryPlan) -> MemoryPlan:
    """Return ``way`` with what it takes."""
    size = {module: _stored(bundle, module) for module in Module}
    picture = shape.width * shape.height * use.pixels
    batch = 1 if way.split_guidance or not shape.guided else _TEXT_BATCH
    unet = size[Module.UNET] * use.unet + batch * shape.frames * _work(bundle, use, shape)
    encode = (size[Module.TEXT_ENCODER] + size[Module.VAE_ENCODER]) * use.others + picture
    decode = size[Module.VAE_DECODER] * use.others + picture + (unet if way.keep_unet else 0)
    latents, frames = _of_whole_clip(bundle, shape)
    stages = {"encode": encode, "denoise": unet + latents, "decode": decode + latents + frames}
    return replace(way, stages={name: round(use.process + stage) for name, stage in stages.items()})


def _work(bundle: Bundle, use: MemoryUse, shape: ClipShape) -> float:
    """What the UNet takes while it runs, for one frame and one prompt."""
    layout, scale = layout_of(bundle.manifest), bundle.manifest.vae.downscale
    positions = (shape.width // scale) * (shape.height // scale)
    attending = [positions / 4**level for level, attends in enumerate(layout.attention) if attends]
    return positions * layout.channels[0] * use.values + max(attending, default=0) ** 2 * layout.heads * use.scores


def _of_whole_clip(bundle: Bundle, shape: ClipShape) -> tuple[int, int]:
    """Latents and finished frames of a clip in windows; those of one window are little beside what the UNet takes."""
    if not shape.windowed:
        return 0, 0
    vae, pixels = bundle.manifest.vae, shape.whole * shape.width * shape.height
    return _LATENTS * 4 * vae.latent_channels * pixels // vae.downscale**2, 3 * pixels


def _stored(bundle: Bundle, module: Module) -> int:
    artifact = bundle.manifest.modules.get(module)
    return sum(bundle.manifest.files[name].size for name in artifact.weights) if artifact else 0


def _advice(bundle: Bundle, use: MemoryUse, shape: ClipShape, limit: int) -> str:
    """The nearest settings that fit."""

    def fits(asked: ClipShape) -> bool:
        return (estimate(bundle, use, asked, LEANEST).peak or 0) <= limit

    if bundle.manifest.clips:
        found = (clip for clip in bundle.manifest.clips if fits(_like(shape, clip.frames, clip.width, clip.height)))
        nearest = max(found, key=lambda clip: clip.frames * clip.width * clip.height, default=None)
        return f"{nearest.frames} frames of {nearest.width}x{nearest.height} fit." if nearest else _SMALLER
    frames = next((count for count in range(shape.frames, 0, -1) if fits(replace(shape, frames=count))), None)
    smaller = next((each for each in _smaller(bundle, shape) if fits(each)), None)
    ways = [f"{'a window of ' if shape.windowed else ''}{frames} frames"] if frames and frames > 1 else []
    ways += [f"a size of {smaller.width}x{smaller.height}"] if smaller else []
    return f"{' or '.join(ways)} would fit." if ways else _SMALLER


_SMALLER = "Use a bundle of lower precision, whose weights are smaller."


def _like(shape: ClipShape, frames: int, width: int, height: int) -> ClipShape:
    return replace(shape, frames=frames, width=width, height=height)


def _smaller(bundle: Bundle, shape: ClipShape) -> Iterator[ClipShape]:
    """Smaller sizes of about the same form, the largest first."""
    sizes = bundle.manifest.sizes
    step = sizes.multiple
    for width in range(shape.width - step, sizes.minimum - 1, -step):
        height = round(width * shape.height / shape.width / step) * step
        if sizes.minimum <= height < shape.height:
            yield replace(shape, width=width, height=height)


def _gigabytes(num_bytes: float) -> str:
    return f"{num_bytes / 1e9:.2g}"
