"""What the base learns from, and what the text encoder learns first."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pia_edge.training.base_stage import draw_frames
from pia_edge.training.captions import PHRASES, MotionKind
from pia_edge.training.network import open_tokenizer
from pia_edge.training.photographs import load_photographs
from pia_edge.training.pictures import Pictures, render_pictures
from pia_edge.training.sources import Sources
from pia_edge.training.text_pretraining import ProbedTextEncoder, draw_texts, probe_loss
from pia_edge.training.tokenizer_files import write_tokenizer


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return render_pictures(2, 5, Sources(photographs=load_photographs(), panoramas={}, cutouts=[]))


@pytest.fixture(scope="module")
def statistics() -> Tensor:
    """Every motion at every distance changes a picture by 0 to 40."""
    return torch.tensor([0.0, 40.0]).expand(len(MotionKind), 16, 2)


def test_frames_are_seeded_and_some_are_made_from_words_alone(pictures: Pictures, statistics: Tensor) -> None:
    first, second = (draw_frames(pictures, np.random.default_rng(4), 32, 24, statistics) for _ in range(2))
    assert torch.equal(first.frames, second.frames)
    assert first.texts == second.texts
    assert first.frames.shape == first.hints.shape == (24, 3, 32, 32)
    assert float(first.frames.min()) >= 0
    assert float(first.frames.max()) <= 1
    assert 0 < int(first.hinted.sum()) < 24


def test_affinity_says_how_near_a_frame_is_to_its_hint(pictures: Pictures, statistics: Tensor) -> None:
    drawn = draw_frames(pictures, np.random.default_rng(7), 32, 60, statistics)
    assert (drawn.affinity[~drawn.hinted] == 0).all()
    affinity = drawn.affinity[drawn.hinted]
    assert float(affinity.min()) >= 0.2 - 1e-6
    differs = (drawn.frames - drawn.hints).abs().mean((1, 2, 3))[drawn.hinted]
    assert (affinity[differs == 0] == 1).all()
    assert float(torch.corrcoef(torch.stack([affinity, differs]))[0, 1]) < -0.5


def test_some_captions_name_a_motion_and_some_are_dropped(pictures: Pictures, statistics: Tensor) -> None:
    texts = draw_frames(pictures, np.random.default_rng(5), 32, 60, statistics).texts
    phrases = [phrase for several in PHRASES.values() for phrase in several]
    assert 20 < sum(any(phrase in text for phrase in phrases) for text in texts) < 60
    assert "" in texts


def test_probes_learn_to_name_the_motion(tmp_path: Path) -> None:
    captions = ["a boat on the sea", "green hills"]
    write_tokenizer(tmp_path, [phrase for several in PHRASES.values() for phrase in several] * 5 + captions, 900)
    tokenizer = open_tokenizer(tmp_path)
    torch.manual_seed(0)
    network = ProbedTextEncoder(900)
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3)
    ids, kinds = draw_texts(captions, np.random.default_rng(1), tokenizer, 16)
    assert ids.shape == (16, 77)
    assert int(kinds.max()) < len(MotionKind)
    losses = []
    for _ in range(12):
        optimizer.zero_grad()
        loss, _extras = probe_loss(network, ids, kinds)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
