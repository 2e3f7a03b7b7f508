"""A base of another look: the trained one, taught further on pictures in one style.

PIA's claim is that temporal layers and condition module, trained once, animate any personalized base of theirs. Only
the spatial layers are taught here; the text encoder stays, since the temporal layers know its words.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from .base_stage import FrameSource, frame_loss, noised_frames
from .encoding import Encoding
from .loop import LoopSettings, Trainer
from .network import SAMPLE_CONFIG, TextToImage, base_weights, vocabulary_size
from .styles import Style, styled


def base_of(style: Style) -> str:
    """Return the name of the checkpoint and the log of ``style``."""
    return f"base-{style.value}"


def personalize_base(
    frames: FrameSource, encoding: Encoding, style: Style, folder: Path, settings: LoopSettings
) -> None:
    """Train ``folder``/base.pt further to ``folder``/base-STYLE.pt, resuming where a checkpoint lies."""
    torch.manual_seed(frames.seed)
    network = TextToImage(SAMPLE_CONFIG, vocabulary_size(folder))
    network.load_state_dict(base_weights(folder))
    network.to(encoding.device)
    network.text_encoder.requires_grad_(False)
    network.hint.requires_grad_(False)
    trainer = Trainer(network, settings, folder, base_of(style))
    trainer.resume()
    redrawn = replace(frames, pictures=styled(frames.pictures, style, encoding.device))
    trainer.run(redrawn, lambda drawn: frame_loss(network, noised_frames(drawn, encoding)))
