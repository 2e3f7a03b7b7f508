"""The networks of the sample model, built and loaded stage by stage."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from pia_edge.errors import BundleError
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import NormMode, UNetConfig
from pia_edge.nn.unet import UNet
from pia_edge.tokenizer import ClipTokenizer

from .checkpoint import averaged_weights
from .text_encoder import TextEncoder, TextEncoderConfig

SAMPLE_CONFIG = UNetConfig(
    latent_channels=4,
    block_out_channels=(64, 96, 128),
    cross_attention=(False, True, True),
    layers_per_block=1,
    cross_attention_dim=128,
    num_heads=4,
    motion_heads=4,
    norm_groups=32,
    motion_max_frames=32,
    norm_mode=NormMode.PIA,
    temporal=True,
)
TEMPORAL = re.compile(r"motion_modules")


class TextToImage(nn.Module):
    """The base: a text encoder that is trained before, and a UNet without temporal layers.

    In training it can also be shown a picture, through a layer that is thrown away afterwards. What words for motions
    do to a picture, and how much of it an affinity stands for, the spatial layers have to know: temporal layers attend
    over the frames at one place, and cannot move a picture themselves.
    """

    def __init__(self, config: UNetConfig, vocab_size: int) -> None:
        super().__init__()
        # One frame has the same statistics under both norm modes, and the per-frame one is faster.
        self.unet = UNet(replace(config, temporal=False, norm_mode=NormMode.DIFFUSERS))
        self.text_encoder = TextEncoder(TextEncoderConfig(vocab_size=vocab_size))
        self.hint = ConditionModule(config.latent_channels, config.block_out_channels[0])

    def forward(self, latents: Tensor, timestep: Tensor, ids: Tensor, hints: Tensor, affinity: Tensor) -> Tensor:
        """Return the velocity (batch, channels, height, width) of noisy latents of the same shape.

        Args:
            latents: noisy, of one frame each.
            timestep: (batch,).
            ids: (batch, 77).
            hints: latents of another frame of the same clip, same shape; zeros show nothing.
            affinity: how near that frame is, (batch,); 0 without a hint.
        """
        appearance, gain = self.hint(hints)
        text = self.text_encoder(ids)
        return self.unet(latents[:, :, None], timestep, text, affinity[:, None], appearance, gain)[:, :, 0]  # type: ignore[no-any-return]


class PiaNetwork(nn.Module):
    """The clip model: frozen text encoder and spatial layers, trainable motion and condition modules."""

    def __init__(self, config: UNetConfig, vocab_size: int) -> None:
        super().__init__()
        self.unet = UNet(config)
        self.text_encoder = TextEncoder(TextEncoderConfig(vocab_size=vocab_size))
        self.condition = ConditionModule(config.latent_channels, config.block_out_channels[0])

    def freeze_base(self) -> None:
        """Leave only the motion modules and the condition module trainable."""
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(bool(TEMPORAL.search(name)) or name.startswith("condition."))

    def load_base(self, base: dict[str, Tensor]) -> None:
        """Take over the weights of a trained TextToImage, but for its hints.

        Exactly the temporal ones and the condition are missing.

        Raises:
            RuntimeError: from torch, when a weight is unknown or has another shape.
        """
        own = self.state_dict()
        own.update({name: weight for name, weight in base.items() if not name.startswith("hint.")})
        self.load_state_dict(own)


def vocabulary_size(folder: Path) -> int:
    """Return how many token ids the run's tokenizer has.

    Raises:
        BundleError: when the run has no tokenizer yet.
    """
    if not (folder / "vocab.json").is_file():
        raise BundleError(f"No tokenizer in {folder}: run the stage 'pictures' first.")
    return len(json.loads((folder / "vocab.json").read_text(encoding="utf-8")))


def open_tokenizer(folder: Path) -> ClipTokenizer:
    """Return the tokenizer whose files lie in ``folder``."""
    return ClipTokenizer.open(folder / "vocab.json", folder / "merges.txt")


def token_ids(tokenizer: ClipTokenizer, texts: list[str]) -> Tensor:
    """Return token ids (texts, 77)."""
    return torch.stack([torch.from_numpy(tokenizer.encode(text).ids) for text in texts])


def base_weights(folder: Path) -> dict[str, Tensor]:
    """Return the trained weights of a run's ``TextToImage``: its text encoder is a stage of its own.

    Raises:
        BundleError: when one of the two is not trained yet.
    """
    probed = averaged_weights(folder / "text.pt")
    text = {name: weight for name, weight in probed.items() if name.startswith("text_encoder.")}
    return averaged_weights(folder / "base.pt") | text


def load_network(folder: Path) -> PiaNetwork:
    """Return the clip model of a run, in evaluation mode; without a motion checkpoint it is the untrained start."""
    network = PiaNetwork(SAMPLE_CONFIG, vocabulary_size(folder))
    network.load_base(base_weights(folder))
    if (folder / "motion.pt").is_file():
        own = network.state_dict()
        own.update(averaged_weights(folder / "motion.pt"))
        network.load_state_dict(own)
    return network.eval()


def config_fields(config: UNetConfig) -> dict[str, object]:
    """Return the UNet's configuration as JSON-ready fields."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(config).items()}
