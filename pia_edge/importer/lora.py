"""LoRA: a change of low rank, added to the weights of chosen layers (arXiv:2106.09685)."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch
from torch import Tensor

from pia_edge.errors import ModelError
from pia_edge.importer.adapter_config import AdapterConfig, adapter_config
from pia_edge.importer.kinds import Kind, kind_of
from pia_edge.importer.licence import licence_of
from pia_edge.importer.lora_names import LayerNames, Role, complete, group_by_layer
from pia_edge.importer.model import shapes_of
from pia_edge.importer.parts import Ref
from pia_edge.importer.tensor_file import TensorFile, explained, open_tensor_file

_IN_FOLDER = (
    "adapter_model.safetensors",
    "pytorch_lora_weights.safetensors",
    "diffusion_pytorch_model.safetensors",
    "adapter_model.bin",
)


class LoraScaling(StrEnum):
    """How strongly a LoRA acts at scale 1."""

    ALPHA = "alpha"
    """alpha / rank, as the file says: what kohya, diffusers and the web UIs do."""

    ORIGINAL = "original"
    """1, the file's alpha left out: what the paper's code does."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Delta:
    """What one LoRA adds to one weight: ``factor`` · up · down."""

    down: Ref
    up: Ref
    factor: float

    def compute(self, shape: tuple[int, ...]) -> Tensor:
        """Return the change in float32, with the ``shape`` of the weight that it is for.

        Raises:
            ModelError: a file cannot be read.
        """
        down, up = self.down.read().float(), self.up.read().float()
        return (up.flatten(1) @ down.flatten(1)).reshape(shape) * self.factor


@dataclass(frozen=True, kw_only=True, eq=False)
class Lora:
    """One LoRA file, its layers found among ours."""

    file: TensorFile
    scale: float
    deltas: dict[str, Delta]
    """By name of the weight that is changed."""
    unknown: tuple[str, ...]
    ranks: tuple[int, ...]
    licence: str

    def summary(self) -> str:
        """Return what is taken from the file, in a few words."""
        low, high = min(self.ranks), max(self.ranks)
        rank = f"rank {low}" if low == high else f"ranks {low} to {high}"
        left = f"; {len(self.unknown)} tensors left out, the first {self.unknown[0][:60]!a}" if self.unknown else ""
        return f"{len(self.deltas)} layers, {rank}{left}"


def open_lora(
    path: Path, scale: float, weights: dict[str, tuple[int, ...]], scaling: LoraScaling, *, allow_pickle: bool
) -> Lora:
    """Return the LoRA in ``path``: a file in any of the usual layouts, or a folder of peft or diffusers.

    Args:
        path: the file or folder.
        scale: how strongly it acts; 1 is what its maker meant, negative values reverse it.
        weights: shapes of all weights that may be changed, by our names.
        scaling: what 1 means.
        allow_pickle: read ``.bin``, ``.ckpt`` and ``.pt`` too.

    Raises:
        ModelError: the file is no LoRA, or one for another model.
    """
    with explained(path):
        folder = path if path.is_dir() else None
        if folder is not None:
            path = _weights_in(folder)
        file = open_tensor_file(path, allow_pickle=allow_pickle)
    kind = kind_of(shapes_of(file))
    if kind not in (Kind.LORA, Kind.MOTION_LORA):
        raise ModelError(
            f"{path}: expected a LoRA for Stable Diffusion 1 or AnimateDiff, found {kind}. Choose another."
        )
    layers, unknown = group_by_layer(file.tensors, LayerNames(weights))
    if not layers:
        raise ModelError(
            f"{path}: expected a LoRA for Stable Diffusion 1, found {len(unknown)} tensors for other layers, the "
            f"first {unknown[0][:80]!a}. It was made for another model."
        )
    adapter = adapter_config(file, folder)
    deltas = {f"{layer}.weight": _delta(file, layer, roles, scale, scaling, adapter) for layer, roles in layers.items()}
    for name, delta in deltas.items():
        _check_fit(path, name, delta, weights[name])
    return Lora(
        file=file,
        scale=scale,
        deltas=deltas,
        unknown=tuple(unknown),
        ranks=tuple(delta.down.shape[0] for delta in deltas.values()),
        licence=licence_of(path, file.values),
    )


def _weights_in(folder: Path) -> Path:
    found = next((folder / name for name in _IN_FOLDER if (folder / name).is_file()), None)
    if found is None:
        raise ModelError(
            f"{folder}: expected a LoRA such as {_IN_FOLDER[0]} in it, found none. Choose the LoRA's file."
        )
    return found


def _delta(
    file: TensorFile, layer: str, roles: dict[Role, str], scale: float, scaling: LoraScaling, adapter: AdapterConfig
) -> Delta:
    if Role.MID in roles:
        raise ModelError(
            f"{file.path}: the layer {layer} is split in three (lora_mid, LyCORIS' option use_cp), which is not "
            "supported. Get the LoRA without it."
        )
    if not complete(roles):
        raise ModelError(f"{file.path}: the layer {layer} has only one half of its change. Get the file again.")
    down, up = Ref(file, roles[Role.DOWN]), Ref(file, roles[Role.UP])
    rank = down.shape[0] if down.shape else 0
    if rank < 1:
        raise ModelError(f"{file.path}: the layer {layer} has a change of rank {rank}. Get the file again.")
    alpha = _number(Ref(file, roles[Role.ALPHA])) if Role.ALPHA in roles else None
    strength = 1.0 if scaling is LoraScaling.ORIGINAL else adapter.strength(layer, rank, alpha)
    return Delta(down=down, up=up, factor=scale * strength)


def _check_fit(path: Path, name: str, delta: Delta, shape: tuple[int, ...]) -> None:
    down, up = delta.down.shape, delta.up.shape
    changed = (up[0], *down[1:]) if len(up) >= 2 and len(down) >= 2 else ()
    same = (*changed, 1, 1)[: max(len(shape), len(changed))] == (*shape, 1, 1)[: max(len(shape), len(changed))]
    plain = all(length == 1 for length in up[2:])
    if not changed or up[1] != down[0] or not same or not plain:
        raise ModelError(
            f"{path}: expected a change of {name} {shape}, found {up} · {down}. It was made for another model."
        )


def _number(ref: Ref) -> float:
    values = ref.read().float().flatten()
    if values.numel() != 1 or not torch.isfinite(values).all():
        raise ModelError(f"{ref.file.path}: expected {ref.name!a} to be one number. Get the file again.")
    return float(values[0])
