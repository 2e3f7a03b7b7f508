"""Looks at a training run: contact sheets of sampled clips, and how well they keep the picture and move."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from .run_folder import SampleModel, load_sample_model
from .sampling import AFFINITY_ROWS, SamplingSettings, affinity_row, sample_clip

SHOWN_FRAMES = (0, 4, 8, 12, 15)
PROMPTS = ("camera pans left", "zoom in", "night falls", "the light flickers", "swaying in the wind")


@dataclass(frozen=True, kw_only=True)
class ClipFigures:
    """What was measured on one sampled clip."""

    picture: str
    prompt: str
    motion: str
    first_frame_psnr: float
    """dB, first frame against the picture."""
    movement: float
    """Mean absolute difference of neighbouring frames, in 0 … 255."""
    drift: float
    """Mean absolute difference of each frame to the first, in 0 … 255."""


def read_picture(path: Path, size: int) -> Tensor:
    """Return the centre square of a picture file, (1, 3, size, size) in [0, 1]."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    square = picture.crop((left, top, left + side, top + side)).resize((size, size), Image.Resampling.BICUBIC)
    return torch.from_numpy(np.asarray(square, np.float32) / 255).permute(2, 0, 1)[None]


def measure(clip: Tensor, picture: Tensor) -> tuple[float, float, float]:
    """Return first_frame_psnr, movement and drift of a clip (frames, 3, height, width) in [0, 1]."""
    error = F.mse_loss(clip[:1], picture).clamp_min(1e-10)
    movement = (clip[1:] - clip[:-1]).abs().mean() * 255
    drift = (clip[1:] - clip[:1]).abs().mean() * 255
    return float(-10 * torch.log10(error)), float(movement), float(drift)


def _row(picture: Tensor, clip: Tensor) -> Tensor:
    return torch.cat([picture[0], *[clip[frame] for frame in SHOWN_FRAMES]], dim=2)


def save_sheet(rows: list[Tensor], path: Path) -> None:
    """Write rows (3, height, width) below each other as a PNG."""
    sheet = torch.cat(rows, dim=1).permute(1, 2, 0).numpy()
    Image.fromarray((sheet * 255 + 0.5).astype(np.uint8)).save(path)


def _cases(prompts: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(prompts[0], motion) for motion in AFFINITY_ROWS] + [(prompt, "large") for prompt in prompts[1:]]


def evaluate(
    model: SampleModel, pictures: dict[str, Tensor], folder: Path, settings: SamplingSettings, prompts: tuple[str, ...]
) -> list[ClipFigures]:
    """Sample every picture with every case, write one sheet per picture into ``folder``, return the figures.

    A sheet's rows are the first prompt at small, moderate and large motion, then the other prompts; its columns
    the picture and frames 0, 4, 8, 12 and 15.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = []
    for name, picture in pictures.items():
        rows = [_row(picture, model.autoencoder_round_trip(picture).expand(16, -1, -1, -1))]
        for prompt, motion in _cases(prompts):
            affinity = affinity_row(motion, settings.num_frames)
            clip = sample_clip(model, picture, prompt, affinity, settings)
            psnr, movement, drift = measure(clip, picture)
            figures.append(
                ClipFigures(
                    picture=name, prompt=prompt, motion=motion, first_frame_psnr=round(psnr, 2),
                    movement=round(movement, 2), drift=round(drift, 2),
                )
            )  # fmt: skip
            rows.append(_row(picture, clip))
        save_sheet(rows, folder / f"{name}.png")
    lines = [json.dumps(asdict(figure)) for figure in figures]
    (folder / "figures.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return figures


def evaluate_run(run: Path, picture_files: list[Path], size: int, settings: SamplingSettings) -> list[ClipFigures]:
    """Evaluate the latest checkpoints of ``run`` on picture files; sheets go to ``run``/sheets."""
    torch.manual_seed(settings.seed)
    pictures = {path.stem: read_picture(path, size) for path in picture_files}
    return evaluate(load_sample_model(run), pictures, run / "sheets", settings, PROMPTS)
