"""Means of cosines and CLIPScore, worked out by hand."""

import numpy as np
import pytest

from pia_edge.evaluation.alignment import align, score


class FlatClip:
    """Embeds a grey level as a direction in the plane, and every prompt as straight up."""

    def embed_images(self, pictures: np.ndarray, check: object) -> np.ndarray:
        del check
        angles = np.radians([float(picture.mean()) for picture in pictures])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def embed_prompt(self, prompt: str) -> tuple[np.ndarray, int]:
        return np.array([0.0, 1.0]), len(prompt)


def frames(*degrees: int) -> np.ndarray:
    return np.repeat(np.array(degrees, dtype=np.uint8), 12).reshape(-1, 2, 2, 3)


def test_score() -> None:
    assert score(np.array([0.5, 0.25])).cosine == 0.375
    assert score(np.array([0.5, 0.25])).clip_score == 93.75
    # CLIPScore takes a negative cosine for 0 frame by frame; the mean of cosines does not.
    assert score(np.array([0.5, -0.5])).cosine == 0
    assert score(np.array([0.5, -0.5])).clip_score == 62.5


@pytest.mark.parametrize("condition_frame", [0, 2])
def test_the_condition_frame_counts_or_not(condition_frame: int) -> None:
    clip = frames(0, 60, 90)
    found = align(
        FlatClip(),  # type: ignore[arg-type]
        clip,
        condition_image=frames(0)[0],
        condition_frame=condition_frame,
        prompt="abc",
        check=lambda: None,
    )
    assert found.image_cosines == pytest.approx((1, 0.5, 0), abs=1e-6)
    assert found.text_cosines == pytest.approx((0, 0.866025, 1), abs=1e-6)
    assert found.tokens_cut == 3
    alignment = found.alignment
    assert alignment.image_all_frames.cosine == pytest.approx(0.5)
    assert alignment.text_all_frames.cosine == pytest.approx((0.866025 + 1) / 3, abs=1e-6)
    assert alignment.image_other_frames is not None
    assert alignment.text_other_frames is not None
    assert alignment.image_other_frames.cosine == pytest.approx(0.25 if condition_frame == 0 else 0.75, abs=1e-6)
    assert alignment.text_other_frames.clip_score == pytest.approx(
        250 * ((0.866025 + 1) / 2 if condition_frame == 0 else 0.866025 / 2), abs=1e-3
    )


def test_a_single_frame() -> None:
    found = align(
        FlatClip(),  # type: ignore[arg-type]
        frames(30),
        condition_image=frames(30)[0],
        condition_frame=0,
        prompt="",
        check=lambda: None,
    )
    assert found.alignment.image_other_frames is None
    assert found.alignment.text_other_frames is None
    assert found.alignment.image_all_frames.cosine == 1
