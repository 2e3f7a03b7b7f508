"""The manifest of a bundle: what it holds, what it accepts, where it came from."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from pia_edge.modules import Module
from pia_edge.schedulers import SchedulerConfig

SCHEMA_VERSION = 1

Positive = Annotated[int, msgspec.Meta(ge=1, le=2**20)]
TokenId = Annotated[int, msgspec.Meta(ge=0, lt=2**20)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Format(StrEnum):
    """What a bundle's modules are written in."""

    TORCH = "torch"
    ONNX = "onnx"
    OPENVINO = "openvino"
    COREML = "coreml"


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Size in bytes and hash of one file."""

    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Sha256


class Artifact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a module is stored: its graph (none in format ``torch``) and the files that belong to it."""

    graph: str | None = None
    pieces: tuple[str, ...] = ()
    """Graphs that go on where ``graph`` ends, in order, in format ``coreml``: each is given what it needs of the
    module's inputs and of what those before it return, by name."""
    weights: tuple[str, ...] = ()
    precision: str = "fp32"

    def files(self) -> tuple[str, ...]:
        """Return the names of all its files."""
        return (*([] if self.graph is None else [self.graph]), *self.pieces, *self.weights)


class Sizes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Widths and heights in pixels that the bundle accepts."""

    multiple: Positive = 8
    minimum: Positive = 64
    maximum: Positive = 1024
    long_edge: Positive = 512
    """A picture's long edge is scaled down to this when no size is asked for."""

    def __post_init__(self) -> None:
        """Check that some size is accepted.

        Raises:
            ValueError: none is; decoding turns this into a validation error.
        """
        if not self.minimum <= self.long_edge <= self.maximum:
            raise ValueError(
                f"expected minimum <= long_edge <= maximum, found {self.minimum}, {self.long_edge}, {self.maximum}"
            )


class Frames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers of frames that the bundle accepts; quality falls beyond ``trained``."""

    trained: Positive = 16
    maximum: Positive = 32


class ClipSize(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Frames, and width and height in pixels, of a clip."""

    frames: Positive
    width: Positive
    height: Positive


class Vae(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How latents relate to pixels."""

    scaling_factor: Annotated[float, msgspec.Meta(gt=0)] = 0.18215
    downscale: Positive = 8
    latent_channels: Positive = 4


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is used when a request leaves it open; these are the original's."""

    num_inference_steps: Positive = 25
    guidance_scale: float = 7.5
    negative_prompt: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a part of the weights came from."""

    part: str
    origin: str
    licence: str
    sha256: Sha256 | None = None
    scale: float | None = None
    """How strongly it was fused into other weights; None for weights taken as they are."""
    detail: str = ""
    """What was taken from it."""


class Parity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an exported module differs from the reference, on the worst of the compared inputs."""

    psnr_db: float
    max_abs_error: float
    runtime: str


class RunParity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the exported UNet differs over a denoising run in which it is fed the reference's latents at every step."""

    steps: Positive
    psnr_db: float
    """Of ``noise_pred`` before guidance, on the worst step."""
    cfg_delta_ratio: float
    """How far the prompt acts: std(conditional - unconditional) over the reference's, on the worst step."""
    flicker_ratio: float
    """Mean change from frame to frame of the clip that a step predicts, over the reference's, on the worst step."""
    runtime: str


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Constructor arguments of a reference bundle's networks: ours, AutoencoderKL's, CLIPTextConfig's."""

    unet: dict[str, object]
    vae: dict[str, object]
    text_encoder: dict[str, object]


class Layout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How wide the UNet is, which decides the memory that a clip takes."""

    channels: tuple[Positive, ...]
    """Of each level, that of the latents' own size first; each further one has half the height and width."""
    attention: tuple[bool, ...]
    """Whether the spatial layers of each level have attention."""
    heads: Positive


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``manifest.json``."""

    schema_version: int = SCHEMA_VERSION
    name: str
    description: str = ""
    format: Format
    norm_mode: Literal["pia", "diffusers"]
    modules: dict[Module, Artifact]
    tokenizer: tuple[str, str] = ("vocab.json", "merges.txt")
    sizes: Sizes = Sizes()
    frames: Frames = Frames()
    clips: tuple[ClipSize, ...] = ()
    """The only clips that the graphs take, the usual one first; if empty, any that ``sizes`` and ``frames`` allow."""
    second_picture: bool = False
    """Whether the UNet's graph has room for the planes of a second picture; the network itself always has."""
    vae: Vae = Vae()
    scheduler: SchedulerConfig = SchedulerConfig()
    defaults: Defaults = Defaults()
    added_tokens: dict[str, tuple[TokenId, ...]] = {}
    """Textual-inversion embeddings: a word of the prompt, and the token ids that it stands for."""
    conv_in: Literal["base", "pia"] | None = None
    """Whose first convolution reads the noisy latents, where base model and PIA weights met by import."""
    affinity_statistics: tuple[tuple[float, float], ...] | None = None
    """Per distance from the condition frame, the least and largest HSV L1 score of the training clips."""
    network: Network | None = None
    layout: Layout | None = None
    """Of bundles exported by earlier versions, nothing is known."""
    sources: tuple[Source, ...] = ()
    parity: dict[Module, Parity] = {}
    run_parity: RunParity | None = None
    files: dict[str, File]

    @property
    def num_bytes(self) -> int:
        """Size of all files."""
        return sum(file.size for file in self.files.values())

    @property
    def takes_second_picture(self) -> bool:
        """Whether a clip may end with a picture of its own."""
        return self.second_picture or self.format is Format.TORCH
