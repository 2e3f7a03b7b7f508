"""PIA's own weights: motion modules, and the first convolution that reads the condition image."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pia_edge.errors import BundleError, ModelError
from pia_edge.importer.kinds import Kind, kind_of
from pia_edge.importer.licence import licence_of
from pia_edge.importer.model import read_config, shapes_of, weights_in
from pia_edge.importer.parts import Contents, Part, PartName, Ref
from pia_edge.importer.tensor_file import TensorFile, explained, open_tensor_file
from pia_edge.nn.weights import DIFFUSERS_POSITIONS, PAPER_POSITIONS, check_positions, our_motion_name

_CHANNELS = 9
_DEFAULT_FRAMES = 32
_MOST_FRAMES = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class PiaSource:
    """Where PIA's weights lie."""

    contents: Contents
    conv_in: dict[str, Ref]
    """``weight`` (out, 9, 3, 3), in the order noisy latents, affinity, image latents; and ``bias``."""
    motion_max_frames: int
    licence: str

    @property
    def temporal(self) -> Part:
        """The motion modules."""
        return self.contents.parts[PartName.TEMPORAL]


def open_pia(path: Path, *, allow_pickle: bool) -> PiaSource:
    """Return the PIA weights in ``path``: ``pia.ckpt``, the same as safetensors, or a motion adapter of diffusers.

    Raises:
        ModelError: the file is something else, such as AnimateDiff without condition channels.
    """
    with explained(path):
        weights = weights_in(path) if path.is_dir() else path
        config = read_config(path / "config.json") if path.is_dir() else {}
        file = open_tensor_file(weights, allow_pickle=allow_pickle)
        licence = licence_of(path, file.values)
    kind = kind_of(shapes_of(file))
    if kind not in (Kind.PIA, Kind.PIA_ADAPTER):
        raise ModelError(
            f"{file.path}: expected PIA weights (motion modules, and a conv_in of {_CHANNELS} channels), found {kind}. "
            "Get pia.ckpt or the folder PIA-condition-adapter."
        )
    if config.get("use_motion_mid_block") is True:
        raise ModelError(f"{path}: expected no motion module in the middle block, found one. Get PIA's own weights.")
    contents, conv_in, frames = _sort(file)
    if frames is None:
        frames = _stated_frames(path, config)
    return PiaSource(
        contents=contents,
        conv_in=conv_in,
        motion_max_frames=frames,
        licence=licence,
    )


def _sort(file: TensorFile) -> tuple[Contents, dict[str, Ref], int | None]:
    """The motion modules under our names, conv_in, and how many positions are stored."""
    temporal: dict[str, Ref] = {}
    conv_in: dict[str, Ref] = {}
    left_out: Counter[str] = Counter()
    frames = None
    for name in file.tensors:
        plain = name.removeprefix("module.")
        if plain.endswith((PAPER_POSITIONS, DIFFUSERS_POSITIONS)):
            frames = _stored_frames(file, name)
            left_out["positions of frames, which are computed"] += 1
        elif "motion_modules." in plain:
            temporal[our_motion_name(plain)] = Ref(file, name)
        elif plain in ("conv_in.weight", "conv_in.bias"):
            conv_in[plain.removeprefix("conv_in.")] = Ref(file, name)
        else:
            left_out["spatial layers, which the base model gives"] += 1
    if conv_in.keys() != {"weight", "bias"}:
        raise ModelError(
            f"{file.path}: expected conv_in.weight and conv_in.bias, found {sorted(conv_in)}. Get it again."
        )
    parts = {PartName.TEMPORAL: Part(refs=temporal)}
    return Contents(file=file, parts=parts, left_out=left_out), conv_in, frames


def _stated_frames(path: Path, config: dict[str, object]) -> int:
    stated = config.get("motion_max_seq_length", _DEFAULT_FRAMES)
    if not isinstance(stated, int) or not 1 <= stated <= _MOST_FRAMES:
        raise ModelError(
            f"{path}: expected motion_max_seq_length in config.json to be a whole number such as {_DEFAULT_FRAMES}, "
            f"found {stated!a}. Get the weights again."
        )
    return stated


def _stored_frames(file: TensorFile, name: str) -> int:
    shape = file.tensors[name].shape
    if len(shape) != 3 or shape[0] != 1 or not 1 <= shape[1] <= _MOST_FRAMES:
        raise ModelError(
            f"{file.path}: expected {name!a} to hold positions of frames (1, frames, channels), found {shape}. Get the "
            "weights again."
        )
    try:
        check_positions(name, file.read(name))
    except (BundleError, RuntimeError) as error:
        raise ModelError(f"{file.path}: {error}") from error
    return shape[1]
