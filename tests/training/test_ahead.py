"""Batches made ahead in other processes are those that would have been made here."""

import os
from itertools import count, islice
from pathlib import Path

import torch
from torch import Tensor, nn

from pia_edge.training.ahead import AHEAD, made_ahead
from pia_edge.training.checkpoint import averaged_weights
from pia_edge.training.loop import LoopSettings, Trainer
from pia_edge.training.pictures import render_pictures
from pia_edge.training.sources import Sources

RENDERED = Sources(photographs={}, panoramas={}, cutouts=[])


def where(index: int) -> tuple[int, int]:
    return index, os.getpid()


def drawn(index: int, _progress: float) -> Tensor:
    return torch.randn(8, 3, generator=torch.Generator().manual_seed(index))


def trained(folder: Path, processes: int) -> dict[str, Tensor]:
    folder.mkdir()
    torch.manual_seed(0)
    network = nn.Linear(3, 1)
    trainer = Trainer(network, LoopSettings(steps=9, processes=processes), folder, "toy")
    trainer.run(drawn, lambda batch: ((network(batch) - batch.sum(1, keepdim=True)).square().mean(), {}))
    return averaged_weights(folder / "toy.pt")


def test_others_make_it_in_the_order_asked_for_and_not_far_ahead() -> None:
    asked: list[int] = []

    def endless() -> object:
        for index in count(5):
            asked.append(index)
            yield (index,)

    made = list(islice(made_ahead(where, endless(), 2), 7))  # type: ignore[arg-type]
    assert [index for index, _ in made] == list(range(5, 12))
    assert os.getpid() not in {process for _, process in made}
    assert len(asked) <= 7 + 2 * AHEAD


def test_a_run_learns_the_same_from_what_others_draw(tmp_path: Path) -> None:
    here, elsewhere = trained(tmp_path / "here", 0), trained(tmp_path / "elsewhere", 2)
    torch.testing.assert_close(here, elsewhere, rtol=0, atol=0)


def test_pictures_are_the_same_whoever_renders_them() -> None:
    here, elsewhere = (render_pictures(5, 14, RENDERED, processes) for processes in (0, 2))
    assert torch.equal(here.canvases, elsewhere.canvases)
    assert here.captions == elsewhere.captions
