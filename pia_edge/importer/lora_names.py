"""Names in LoRA files: which layer of ours each tensor changes, and what it is to that layer.

Four spellings are in use. kohya's writes a layer's path with underscores, which cannot be undone by itself, so it is
looked up among our own layers; the others keep the dots.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pia_edge.nn.weights import our_motion_name


class Role(StrEnum):
    """What one tensor is to its layer: the change is up · down, times alpha over the rank."""

    DOWN = "down"
    UP = "up"
    ALPHA = "alpha"
    MID = "mid"


# Longer endings before those that they contain.
_ENDINGS = (
    (".lora_down.weight", Role.DOWN),
    (".lora_up.weight", Role.UP),
    (".lora_mid.weight", Role.MID),
    (".lora_linear_layer.down.weight", Role.DOWN),
    (".lora_linear_layer.up.weight", Role.UP),
    (".lora.down.weight", Role.DOWN),
    (".lora.up.weight", Role.UP),
    ("_lora.down.weight", Role.DOWN),
    ("_lora.up.weight", Role.UP),
    ("_lora.alpha", Role.ALPHA),
    (".lora_A.weight", Role.DOWN),
    (".lora_B.weight", Role.UP),
    (".lora_A.default.weight", Role.DOWN),
    (".lora_B.default.weight", Role.UP),
    (".alpha", Role.ALPHA),
)
_WRAPPERS = ("module.", "base_model.model.", "unet.", "text_encoder.", "base_model.model.")
_KOHYA = ("lora_unet_", "lora_te1_", "lora_te_")


class LayerNames:
    """Our layers, found by any of the spellings."""

    def __init__(self, weights: Iterable[str]) -> None:
        """``weights`` are the names of all weights of the UNet and the text encoder."""
        self._layers = {name.removesuffix(".weight") for name in weights if name.endswith(".weight")}
        self._kohya = {layer.replace(".", "_"): layer for layer in self._layers}

    def find(self, stem: str) -> str | None:
        """Return our layer for the beginning of a LoRA tensor's name, or None."""
        for prefix in _KOHYA:
            if stem.startswith(prefix):
                return self._kohya.get(stem.removeprefix(prefix))
        for wrapper in _WRAPPERS:
            stem = stem.removeprefix(wrapper)
        stem = our_motion_name(f"{stem}.").removesuffix(".").replace(".processor.", ".")
        return next((layer for layer in _spellings(stem) if layer in self._layers), None)


def split_name(name: str) -> tuple[str, Role] | None:
    """Return the part of ``name`` that says the layer, and the tensor's role; None if it is no tensor of a LoRA."""
    return next(((name.removesuffix(ending), role) for ending, role in _ENDINGS if name.endswith(ending)), None)


def _spellings(stem: str) -> tuple[str, ...]:
    """``stem`` as a layer may be called: attention's output is to_out.0, and CLIP's layers stand under text_model."""
    clip = {"to_q": "q_proj", "to_k": "k_proj", "to_v": "v_proj", "to_out": "out_proj"}
    head, _, last = stem.rpartition(".")
    attention = f"{head}.{clip[last]}" if "self_attn" in head and last in clip else stem
    return (stem, f"{stem}.0", attention, f"text_model.{attention}")


def group_by_layer(names: Iterable[str], layers: LayerNames) -> tuple[dict[str, dict[Role, str]], list[str]]:
    """Return for each of our layers its tensors by role, and the names that belong to no layer of ours."""
    found: dict[str, dict[Role, str]] = {}
    unknown: list[str] = []
    for name in names:
        split = split_name(name)
        layer = layers.find(split[0]) if split else None
        if split is None or layer is None:
            unknown.append(name)
        else:
            found.setdefault(layer, {})[split[1]] = name
    return found, unknown


def complete(roles: Mapping[Role, str]) -> bool:
    """Return whether both halves of a change are there."""
    return Role.DOWN in roles and Role.UP in roles
