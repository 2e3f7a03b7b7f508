"""What the base learns from, and what the text encoder learns first."""

from pathlib import Path

import numpy as np
import pytest
import torch

from pia_edge.training.base_stage import add_hint, draw_frames
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


def test_frames_are_seeded_and_some_have_no_hint(pictures: Pictures) -> None:
    first, second = (draw_frames(pictures, np.random.default_rng(4), 32, 24) for _ in range(2))
    assert torch.equal(first.pixels, second.pixels)
    assert first.texts == second.texts
    assert first.pixels.shape == first.hints.shape == (24, 3, 32, 32)
    assert float(first.pixels.min()) >= -1
    assert float(first.pixels.max()) <= 1
    assert 0 < int((first.strength == 0).sum()) < 24
    assert int(first.timestep.min()) >= 0
    assert int(first.timestep.max()) <= 999


def test_some_captions_name_a_motion_and_some_are_dropped(pictures: Pictures) -> None:
    texts = draw_frames(pictures, np.random.default_rng(5), 32, 60).texts
    phrases = [phrase for several in PHRASES.values() for phrase in several]
    assert 20 < sum(any(phrase in text for phrase in phrases) for text in texts) < 60
    assert "" in texts


def test_hints_are_added_by_their_strength() -> None:
    noisy, hints = torch.zeros(2, 4, 3, 3), torch.ones(2, 4, 3, 3)
    hinted = add_hint(noisy, hints, np.array([0.0, 0.5], np.float32))
    assert float(hinted[0].abs().max()) == 0
    assert float(hinted[1].min()) == float(hinted[1].max()) == 0.5


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
