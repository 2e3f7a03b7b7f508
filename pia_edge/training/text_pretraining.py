"""Teaches the text encoder to tell captions apart before the base is trained with it.

Stable Diffusion's text encoder comes from CLIP and already separates "pan left" from "pan right". A random one
does not, and the picture loss alone teaches it too slowly, or undoes it. Here two linear probes read the mean hidden
state: one names the motion, one the words of the caption. Afterwards it is frozen, as CLIP is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pia_edge.tokenizer import ClipTokenizer

from .captions import WORDS, clip_caption
from .clips import KINDS
from .loop import LoopSettings, Trainer
from .network import open_tokenizer, token_ids, vocabulary_size
from .text_encoder import TextEncoder, TextEncoderConfig

BATCH = 32
STEPS = 400


class ProbedTextEncoder(nn.Module):
    """A text encoder and the two probes on the mean of its hidden states."""

    def __init__(self, vocab_size: int) -> None:
        super().__init__()
        config = TextEncoderConfig(vocab_size=vocab_size)
        self.text_encoder = TextEncoder(config)
        self.motion = nn.Linear(config.hidden_size, len(KINDS))
        self.words = nn.Linear(config.hidden_size, vocab_size)

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of the motion (batch, kinds) and of the words (batch, vocab_size)."""
        pooled = self.text_encoder(ids).mean(1)
        return self.motion(pooled), self.words(pooled)


def draw_texts(
    captions: list[str], generator: np.random.Generator, tokenizer: ClipTokenizer, batch: int
) -> tuple[Tensor, Tensor]:
    """Return token ids (batch, 77) of captions with motions, and the index of each one's motion (batch,)."""
    texts, kinds = [], []
    words = WORDS.split()
    for index in generator.integers(0, len(captions), batch):
        kind = int(generator.integers(0, len(KINDS)))
        text = clip_caption(generator, captions[int(index)], KINDS[kind])
        if generator.random() < 0.3:
            text = " ".join([*generator.choice(words, int(generator.integers(1, 4))), text])
        texts.append(text)
        kinds.append(kind)
    return token_ids(tokenizer, texts), torch.tensor(kinds)


def probe_loss(network: ProbedTextEncoder, ids: Tensor, kinds: Tensor) -> tuple[Tensor, dict[str, float]]:
    """Return the probes' loss, and the share of motions named rightly."""
    motion, words = network(ids)
    present = torch.zeros_like(words).scatter_(1, ids, 1.0)
    loss = F.cross_entropy(motion, kinds) + 20 * F.binary_cross_entropy_with_logits(words, present)
    return loss, {"named": (motion.argmax(1) == kinds).float().mean().item()}


def pretrain_text_encoder(captions: list[str], folder: Path, seed: int, device: str, workers: int) -> dict[str, Tensor]:
    """Train to ``folder``/text.pt and return the text encoder's weights."""
    torch.manual_seed(seed)
    network = ProbedTextEncoder(vocabulary_size(folder)).to(device)
    tokenizer = open_tokenizer(folder)
    settings = LoopSettings(steps=STEPS, learning_rate=1e-3, ema_decay=0.99, workers=workers)
    trainer = Trainer(network, settings, folder, "text")
    trainer.resume()

    def prepare(index: int, _progress: float) -> tuple[Tensor, Tensor]:
        ids, kinds = draw_texts(captions, np.random.default_rng((seed, 6, index)), tokenizer, BATCH)
        return ids.to(device), kinds.to(device)

    trainer.run(prepare, lambda batch: probe_loss(network, *batch))
    return {
        name.removeprefix("text_encoder."): weight
        for name, weight in trainer.average.items()
        if name.startswith("text_encoder.")
    }
