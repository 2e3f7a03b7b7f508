"""A whole training run in miniature: every stage, resuming, and what the export folder holds."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from pia_edge.errors import BundleError
from pia_edge.nn.condition import ConditionModule
from pia_edge.nn.config import UNetConfig
from pia_edge.nn.unet import UNet
from pia_edge.training.bundle import write_sample_reference
from pia_edge.training.captions import MotionKind
from pia_edge.training.checkpoint import averaged_weights, read_checkpoint
from pia_edge.training.evaluate import PROMPTS, evaluate_run, measure
from pia_edge.training.export_folder import write_export
from pia_edge.training.network import (
    SAMPLE_CONFIG,
    PiaNetwork,
    TextToImage,
    base_weights,
    open_tokenizer,
    token_ids,
    vocabulary_size,
)
from pia_edge.training.run_folder import load_sample_model
from pia_edge.training.sampling import AFFINITY_ROWS, SamplingSettings, affinity_row, sample_clip
from pia_edge.training.stages import Run, Stage, run_stage
from pia_edge.training.styles import Style


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pia_edge.training.base_stage.SIZES_AND_BATCHES", ((32, 2), (32, 2)))
        patch.setattr("pia_edge.training.text_pretraining.STEPS", 2)
        patch.setattr("pia_edge.training.motion_stage.SMALL", (32, 1))
        patch.setattr("pia_edge.training.motion_stage.FULL", (32, 1))
        patch.setattr("pia_edge.training.clips.STATISTICS_CLIPS", 48)
        run_stage(Run(folder=path, steps=4, picture_count=6), Stage.ALL)
    return path


def test_every_stage_left_its_checkpoint_and_facts(folder: Path) -> None:
    stages = ("autoencoder", "base", "motion", "base-line_art", "base-night_palette")
    steps = {stage: read_checkpoint(folder / f"{stage}.pt")["step"] for stage in stages}
    assert steps == {"autoencoder": 1, "base": 1, "motion": 2, "base-line_art": 1, "base-night_palette": 1}
    facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert facts["seed"] == 1
    assert len(facts["motion_statistics"]) == len(MotionKind)
    assert len(facts["motion_statistics"][0]) == 16
    assert facts["scaling_factor"] > 0


def test_the_motion_stage_trains_motion_and_condition_modules_only(folder: Path) -> None:
    trained = averaged_weights(folder / "motion.pt")
    assert {"condition.weight"} < set(trained)
    assert all("motion_modules" in name for name in trained if name != "condition.weight")
    network, base = load_sample_model(folder).network, base_weights(folder)
    state = network.state_dict()
    assert {"hint.weight"} == set(base) - set(state), "what showed the base a picture is thrown away"
    assert set(base) | set(trained) == {*state, "hint.weight"}
    for name in base.keys() - {"hint.weight"}:
        torch.testing.assert_close(state[name], base[name], rtol=0, atol=0)
    assert float(trained["condition.weight"].abs().max()) > 0


def test_words_are_told_apart_before_pictures_are_learned_and_stay_so(folder: Path) -> None:
    assert not [name for name in averaged_weights(folder / "base.pt") if name.startswith("text_encoder.")]
    probed, learned = averaged_weights(folder / "text.pt"), load_sample_model(folder).network.text_encoder.state_dict()
    assert learned
    for name, weight in learned.items():
        torch.testing.assert_close(weight, probed[f"text_encoder.{name}"], rtol=0, atol=0)


def test_a_personalized_base_has_spatial_layers_of_its_own_and_shares_the_rest(folder: Path, tmp_path: Path) -> None:
    plain = write_sample_reference(folder / "export", tmp_path / "plain")
    drawn = write_sample_reference(folder / "export", tmp_path / "drawn", style=Style.LINE_ART)
    assert drawn.manifest.name == "sample-line-art"
    differing = {
        name for name, file in drawn.manifest.files.items() if file.sha256 != plain.manifest.files[name].sha256
    }
    assert differing == {"spatial.safetensors"}
    trained = averaged_weights(folder / "base-line_art.pt")
    assert trained
    assert all(name.startswith("unet.") for name in trained), "the text encoder stays: temporal layers know its words"


def test_the_export_holds_what_the_readers_need(folder: Path) -> None:
    export = folder / "export"
    config = json.loads((export / "config.json").read_text(encoding="utf-8"))
    weights = {path.stem: load_file(path) for path in export.glob("*.safetensors")}
    assert all(tensor.dtype == torch.float16 for part in weights.values() for tensor in part.values())
    unet_config: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in config["unet"].items()
    }
    unet = UNet(UNetConfig(**unet_config))
    unet.load_state_dict(weights["unet"] | weights["temporal"], strict=True)
    ConditionModule(4, 64).load_state_dict(weights["condition"], strict=True)
    diffusers.AutoencoderKL(**config["vae"]).load_state_dict(weights["vae"], strict=True)
    scheduler = diffusers.DDIMScheduler(**config["scheduler"])
    assert scheduler.config["prediction_type"] == "v_prediction"
    assert len(config["affinity_statistics"]) == 16
    assert all(path.stat().st_size < 16 * 2**20 for path in export.iterdir())
    assert not list(folder.glob("export.*"))


def test_exporting_again_replaces_the_folder(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "export"
    target.mkdir()
    (target / "stale.txt").write_text("old", encoding="utf-8")
    write_export(folder, target)
    assert not (target / "stale.txt").exists()
    assert (target / "temporal.safetensors").is_file()


def test_sampling_is_seeded_and_follows_the_seed(folder: Path) -> None:
    model = load_sample_model(folder)
    picture = torch.rand(1, 3, 32, 32)
    clips = [
        sample_clip(model, picture, "zoom in", affinity_row("small", 16), SamplingSettings(steps=2, seed=seed))
        for seed in (3, 3, 4)
    ]
    assert clips[0].shape == (16, 3, 32, 32)
    torch.testing.assert_close(clips[0], clips[1], rtol=0, atol=0)
    assert float((clips[0] - clips[2]).abs().max()) > 1e-3


@torch.no_grad()
def test_before_the_motion_stage_every_frame_is_what_the_base_makes(folder: Path) -> None:
    vocab_size = vocabulary_size(folder)
    base, network = TextToImage(SAMPLE_CONFIG, vocab_size), PiaNetwork(SAMPLE_CONFIG, vocab_size)
    base.load_state_dict(base_weights(folder))
    network.load_base(base_weights(folder))
    frame, timestep = torch.randn(1, 4, 8, 8), torch.tensor([700])
    ids = token_ids(open_tokenizer(folder), ["a boat on the sea, camera pans left"])
    appearance, gain = network.condition(torch.randn(1, 4, 8, 8))
    clip = frame[:, :, None].expand(-1, -1, 3, -1, -1)
    velocity = network.unet(clip, timestep, network.text_encoder(ids), torch.rand(1, 3), appearance, gain)
    expected = base(frame, timestep, ids, torch.zeros_like(frame), torch.zeros(1))[:, :, None].expand_as(velocity)
    torch.testing.assert_close(velocity, expected, atol=1e-4, rtol=1e-4)


def test_evaluation_writes_sheets_and_figures(folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "ramp.png"
    Image.fromarray(np.arange(40 * 60 * 3, dtype=np.uint32).reshape(40, 60, 3).astype(np.uint8)).save(picture)
    figures = evaluate_run(folder, [picture], 32, SamplingSettings(steps=1))
    assert [(one.prompt, one.motion) for one in figures][:3] == [(PROMPTS[0], row) for row in AFFINITY_ROWS]
    assert all(math.isfinite(one.first_frame_psnr) and one.movement >= 0 for one in figures)
    with Image.open(folder / "sheets" / "ramp.png") as sheet:
        assert sheet.size == (6 * 32, (1 + len(figures)) * 32)
    lines = (folder / "sheets" / "figures.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(figures)


def test_figures_of_a_known_clip() -> None:
    picture = torch.full((1, 3, 4, 4), 0.5)
    clip = torch.stack([torch.full((3, 4, 4), 0.5 + 0.1 * frame) for frame in range(3)])
    psnr, movement, drift = measure(clip, picture)
    assert psnr == pytest.approx(100)
    assert movement == pytest.approx(25.5, rel=1e-4)
    assert drift == pytest.approx(25.5 * 1.5, rel=1e-4)


@pytest.mark.parametrize("stage", [Stage.AUTOENCODER, Stage.BASE, Stage.MOTION, Stage.EXPORT])
def test_a_stage_without_the_earlier_ones_says_which(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="first"):
        run_stage(Run(folder=tmp_path, steps=1), stage)


def test_a_stage_without_a_length_says_so(folder: Path) -> None:
    with pytest.raises(BundleError, match="--minutes"):
        run_stage(Run(folder=folder), Stage.BASE)


def test_the_command_line_ends_with_a_message_and_no_trace(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pia_edge.training", "export", "--run", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == BundleError.exit_code
    assert "Traceback" not in ended.stderr
    assert "first" in ended.stderr
