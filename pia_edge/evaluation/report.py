"""What an evaluation found, as ``evaluation.json`` holds it."""

from collections.abc import Sequence
from typing import Literal, TypeVar

import msgspec

SCHEMA_VERSION = 1

Found = TypeVar("Found", bound=msgspec.Struct)


def in_unicode(text: str) -> str:
    """Return a name of a file as JSON can hold it: names that are not Unicode exist on Linux."""
    return text.encode(errors="backslashreplace").decode()


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured without a model; levels are of 8 bits. None where a clip has too few frames for it."""

    condition_psnr_db: float | None
    """PSNR of the condition frame against the condition image, in dB; at most 200, which means equal. None without the
    image's file."""
    hsv_l1: float | None
    """Mean HSV distance of the other frames from the condition frame, as PIA measures motion (`hsv_l1`); from 0."""
    affinity: float | None
    """Mean measured affinity of the other frames, 0.2 to 1 (`measured_affinity`)."""
    flow: float | None
    """Mean length of the optical flow between neighbouring frames, as a share of the picture's width; from 0."""
    flicker: float | None
    """Mean of |x[t-1] - 2 x[t] + x[t+1]| over pixels and channels, in levels, 0 to 510."""
    drift: float | None
    """Mean absolute difference of the other frames from the condition frame, in levels, 0 to 255."""
    colour_shift: float | None
    """Mean absolute difference of the other frames' mean colours from the condition frame's, in levels, 0 to 255."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A mean over frames: the raw cosine, -1 to 1, and CLIPScore, 0 to 250: the mean of 2.5 · max(cosine, 0) · 100."""

    cosine: float
    clip_score: float


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """How near the frames' embeddings are to those of the condition image and of the prompt.

    Each is given twice: over all frames, and over those other than the condition frame (None if there is no other).
    """

    image_all_frames: Score
    image_other_frames: Score | None
    text_all_frames: Score
    text_other_frames: Score | None


class ClipReport(msgspec.Struct, frozen=True, kw_only=True):
    """One clip: its `file` relative to the set, `width` and `height` in pixels, frames counted from 0.

    `affinity`, `image_cosines` and `text_cosines` have a value per frame.
    """

    file: str
    prompt: str
    described_by: Literal["recipe", "set.json"]
    num_frames: int
    width: int
    height: int
    condition_frame: int
    condition_image: str | None
    """Name of its file. None: none was given or found, and the clip's own condition frame serves in its place."""
    notes: tuple[str, ...] = ()
    measures: Measures
    alignment: Alignment | None
    affinity: tuple[float, ...]
    image_cosines: tuple[float, ...] | None
    text_cosines: tuple[float, ...] | None


class Transformer(msgspec.Struct, frozen=True, kw_only=True):
    """The size of one of CLIP's two encoders."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int


class Backbone(msgspec.Struct, frozen=True, kw_only=True):
    """The CLIP that gave the embeddings; cosines of different backbones cannot be compared."""

    folder: str
    name_or_path: str
    """What its own configuration calls it; empty if nothing."""
    vision: Transformer
    patch_size: int
    image_size: int
    """Side in pixels of the pictures that it reads."""
    text: Transformer
    projection_dim: int
    weights_sha256: dict[str, str]

    def in_words(self) -> str:
        """Return its name and the size of its vision transformer."""
        return (
            f"{self.name_or_path or self.folder} (ViT of {self.vision.num_hidden_layers} layers and width "
            f"{self.vision.hidden_size}, patches of {self.patch_size}, pictures of {self.image_size} pixels)"
        )


class Mean(msgspec.Struct, frozen=True, kw_only=True):
    """Means over the clips that have the measure; `with_condition_image` counts those whose image was there."""

    clips: int
    with_condition_image: int
    measures: Measures
    alignment: Alignment | None


class Skipped(msgspec.Struct, frozen=True):
    """A file that could not be evaluated, and a sentence that says why."""

    file: str
    reason: str


class Evaluation(msgspec.Struct, frozen=True, kw_only=True, tag_field="format", tag="pia-edge evaluation"):
    """A set of clips; `versions` maps the names of programs and libraries to their versions."""

    schema_version: int = SCHEMA_VERSION
    set: str
    backbone: Backbone | None
    mean: Mean
    clips: tuple[ClipReport, ...]
    skipped: tuple[Skipped, ...]
    versions: dict[str, str]


def mean_of(clips: Sequence[ClipReport]) -> Mean:
    """Return the means over ``clips``, of which there is at least one."""
    alignments = [clip.alignment for clip in clips if clip.alignment is not None]
    return Mean(
        clips=len(clips),
        with_condition_image=sum(clip.condition_image is not None for clip in clips),
        measures=_mean([clip.measures for clip in clips]),
        alignment=_mean(alignments) if alignments else None,
    )


def _mean(found: Sequence[Found]) -> Found:
    """Return the mean of structs field by field; a field is None where all are, and structs in it are averaged too."""
    kind = type(found[0])
    means: dict[str, object] = {}
    for name in kind.__struct_fields__:
        values = [value for each in found if (value := getattr(each, name)) is not None]
        if values and isinstance(values[0], msgspec.Struct):
            means[name] = _mean(values)
        else:
            means[name] = round(sum(values) / len(values), 6) if values else None
    return kind(**means)
