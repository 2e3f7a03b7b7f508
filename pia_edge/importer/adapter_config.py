"""What peft says beside a LoRA: its alpha, for all layers or for some, and how alpha and rank make a strength."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pia_edge.errors import ModelError
from pia_edge.importer.model import read_config
from pia_edge.importer.tensor_file import TensorFile

_TEXT = "text_encoder."


@dataclass(frozen=True)
class AdapterConfig:
    """The settings of a LoRA that is stored in peft's layout; empty for all others."""

    settings: dict[str, object]

    def strength(self, layer: str, rank: int, alpha: float | None) -> float:
        """Return what scale 1 means for ``layer``; ``alpha`` is the one stored with the layer itself, if any."""
        if alpha is None:
            alpha = self._alpha(layer)
        if alpha is None:
            return 1.0
        return alpha / (math.sqrt(rank) if self._setting(layer, "use_rslora") is True else rank)

    def _alpha(self, layer: str) -> float | None:
        patterns = self._setting(layer, "alpha_pattern")
        found: object = None
        if isinstance(patterns, dict):
            # peft takes a pattern for the end of a layer's path, from a dot on.
            ends = (value for name, value in patterns.items() if re.search(rf"(^|\.){re.escape(str(name))}$", layer))
            found = next(ends, None)
        if found is None:
            found = self._setting(layer, "lora_alpha")
        return float(found) if isinstance(found, int | float) else None

    def _setting(self, layer: str, key: str) -> object:
        """The value of ``key`` for the UNet or the text encoder, or of both where peft does not tell them apart."""
        part = _TEXT if layer.startswith("text_model.") else "unet."
        return self.settings.get(part + key, self.settings.get(key))


def adapter_config(file: TensorFile, folder: Path | None) -> AdapterConfig:
    """Return peft's settings from the metadata of ``file``, or from ``adapter_config.json`` in its folder.

    Raises:
        ModelError: they are damaged.
    """
    stored = file.values.get("lora_adapter_metadata")
    if not isinstance(stored, str):
        return AdapterConfig(read_config(folder / "adapter_config.json") if folder is not None else {})
    try:
        return AdapterConfig(msgspec.json.decode(stored, type=dict[str, object]))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ModelError(f"{file.path}: expected metadata of peft, found damage: {error}. Get it again.") from error
