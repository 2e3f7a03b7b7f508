"""The training loop: resuming, averaging, logging, refusing NaN."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from pia_edge.errors import BundleError, NumericError
from pia_edge.training.checkpoint import averaged_weights
from pia_edge.training.loop import LoopSettings, Trainer, learning_rate


def toy_loss(network: nn.Linear, step: int) -> Tensor:
    generator = torch.Generator().manual_seed(step)
    inputs = torch.randn(8, 3, generator=generator)
    return (network(inputs) - inputs.sum(1, keepdim=True)).square().mean()  # type: ignore[no-any-return]


def trained(folder: Path, stops: list[int], total: int) -> nn.Linear:
    """Train in pieces of optimizer steps, each with a new network and trainer that resume from the last."""
    for stop in [*stops, total]:
        torch.manual_seed(0)
        network = nn.Linear(3, 1)
        settings = LoopSettings(steps=total, warmup_steps=2, log_every=1, save_every_seconds=0.0)
        trainer = Trainer(network, settings, folder, "toy")
        trainer.resume()

        def prepare(step: int, _progress: float) -> int:
            return step

        def loss_of(step: int, stop: int = stop, network: nn.Linear = network) -> tuple[Tensor, dict[str, float]]:
            if step >= stop:
                raise KeyboardInterrupt
            return toy_loss(network, step), {"extra": 1.0}

        if stop < total:
            with pytest.raises(KeyboardInterrupt):
                trainer.run(prepare, loss_of)
        else:
            trainer.run(prepare, loss_of)
    return network


def test_an_interrupted_run_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "pieces").mkdir()
    whole = trained(tmp_path / "whole", [], 12)
    pieces = trained(tmp_path / "pieces", [4, 9], 12)
    torch.testing.assert_close(whole.weight, pieces.weight, rtol=0, atol=0)
    averages = [averaged_weights(tmp_path / name / "toy.pt")["weight"] for name in ("whole", "pieces")]
    torch.testing.assert_close(averages[0], averages[1], rtol=0, atol=0)


def test_losses_are_logged_and_fall(tmp_path: Path) -> None:
    trained(tmp_path, [], 60)
    lines = [json.loads(line) for line in (tmp_path / "toy.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["step"] for line in lines] == list(range(1, 61))
    assert lines[-1]["loss"] < lines[0]["loss"]


def test_only_parameters_that_need_gradients_move(tmp_path: Path) -> None:
    frozen = nn.Linear(3, 3).requires_grad_(False)
    network = nn.Sequential(frozen, nn.Linear(3, 1))
    before = frozen.weight.clone()
    trainer = Trainer(network, LoopSettings(steps=3), tmp_path, "part")
    trainer.run(lambda _step, _progress: torch.ones(2, 3), lambda batch: (network(batch).square().mean(), {}))
    torch.testing.assert_close(frozen.weight, before, rtol=0, atol=0)
    assert set(averaged_weights(tmp_path / "part.pt")) == {"1.weight", "1.bias"}


def test_a_loss_that_is_not_a_number_stops_the_run(tmp_path: Path) -> None:
    network = nn.Linear(3, 1)
    trainer = Trainer(network, LoopSettings(steps=3), tmp_path, "broken")
    with pytest.raises(NumericError, match="step 0"):
        trainer.run(lambda _step, _progress: torch.full((1, 3), torch.nan), lambda batch: (network(batch).mean(), {}))


def test_a_missing_checkpoint_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="none"):
        averaged_weights(tmp_path / "none.pt")


def test_learning_rate_warms_up_and_falls() -> None:
    settings = LoopSettings(steps=100, learning_rate=1.0, warmup_steps=10, final_fraction=0.1)
    assert learning_rate(settings, 0, 0.0) == pytest.approx(0.1)
    assert learning_rate(settings, 9, 0.0) == pytest.approx(1.0)
    assert learning_rate(settings, 99, 1.0) == pytest.approx(0.1)
