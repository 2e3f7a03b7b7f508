"""Clips whose measures are known, and a CLIP of random numbers."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pia_edge.clip import Recipe, save_clip, sha256_of_pixels
from pia_edge.request import Fit
from tests.bundles import write_byte_tokenizer
from tests.clip.examples import make_recipe

Frames = npt.NDArray[np.uint8]

VISION: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 37,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 32,
    "patch_size": 8,
}
TEXT: dict[str, Any] = {
    "hidden_size": 24,
    "intermediate_size": 29,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 514,
    "bos_token_id": 512,
    "eos_token_id": 513,
    "pad_token_id": 513,
}


def texture(
    rows: npt.NDArray[np.floating], columns: npt.NDArray[np.floating], shortest: float = 12.0
) -> npt.NDArray[np.float64]:
    """Grey levels of a picture that is defined between its pixels too: waves of at least ``shortest`` pixels."""
    random = np.random.default_rng(1)
    grey = np.full(rows.shape, 128.0)
    for _ in range(24):
        angle, phase = random.uniform(0, 2 * np.pi, 2)
        frequency = 2 * np.pi / random.uniform(shortest, 8 * shortest)
        grey += 9 * np.sin(frequency * (np.cos(angle) * columns + np.sin(angle) * rows) + phase)
    return grey


def grey_frame(grey: npt.NDArray[np.floating]) -> Frames:
    """Grey levels (height, width) as uint8 RGB (height, width, 3)."""
    return np.repeat(np.rint(grey).clip(0, 255).astype(np.uint8)[..., None], 3, axis=-1)


def sliding(num_frames: int, right: float, down: float, *, height: int = 96, width: int = 128) -> Frames:
    """The texture, moving by so many pixels from frame to frame."""
    rows, columns = np.indices((height, width), dtype=np.float64)
    return np.stack([grey_frame(texture(rows - down * index, columns - right * index)) for index in range(num_frames)])


def recipe_of(frames: Frames, **changes: Any) -> Recipe:
    """The recipe of a clip that was made from its own first frame, whose file is called ``picture.png``."""
    num_frames, height, width, _ = frames.shape
    values: dict[str, Any] = {
        "num_frames": num_frames,
        "height": height,
        "width": width,
        "affinity": (1.0,) * num_frames,
        "fit": Fit.ORIGINAL,
        "picture_name": "picture.png",
        "picture_sha256": sha256_of_pixels(frames[0]),
        "frames_sha256": sha256_of_pixels(frames),
    }
    return make_recipe(**(values | changes))


def save(frames: Frames, path: Path, **changes: Any) -> Path:
    """Write a clip with its recipe."""
    recipe = recipe_of(frames, **changes)
    return save_clip(frames, path, fps=recipe.fps, recipe=recipe, overwrite=False)


def write_tiny_clip(folder: Path) -> Path:
    """Write a CLIP of random numbers as transformers does, but for its vocabulary: bytes without merges."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

        torch.manual_seed(0)
        model = CLIPModel(CLIPConfig(text_config=TEXT, vision_config=VISION, projection_dim=16))
        # As transformers draws them, all embeddings are nearly the same.
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        model.save_pretrained(folder)
        CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)
    write_byte_tokenizer(folder)
    # Older files have this, among them those of CLIP's authors.
    rewrite(folder / "config.json", _name_or_path="tests/tiny-clip")
    return folder


def rewrite(path: Path, **changes: Any) -> None:
    """Change fields of a JSON file; None removes one."""
    content = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
