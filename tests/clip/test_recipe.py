"""The recipe as JSON."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest

from pia_edge.clip import sha256_of_pixels
from pia_edge.clip.recipe import SCHEMA_VERSION, from_json
from pia_edge.errors import PictureError, RequestError
from pia_edge.motion import DrivingClip, Level, Motion
from tests.clip.examples import FRAMES, make_recipe


@pytest.mark.parametrize(
    "motion",
    [
        Motion(),
        Motion(level=Level.SMALL, style_transfer=True),
        Motion(curve=(1.0, 0.5, 1 / 3)),
        Motion(linear=(1.0, 0.2)),
        Motion(loop=True, original_rows=True),
        Motion(keyframes=((0, 1.0), ("50%", 1 / 3), (15, 1.0))),
        Motion(curve=(1.0, 0.2), stretch=True, copied_from=DrivingClip(name="wave.gif", sha256="0" * 64)),
    ],
)
def test_every_motion_survives(motion: Motion) -> None:
    assert from_json(make_recipe(motion=motion).to_json()) == make_recipe(motion=motion)


def test_json_is_plain_and_marked() -> None:
    fields = json.loads(make_recipe().to_json())
    assert fields["format"] == "pia-edge recipe"
    assert fields["schema_version"] == SCHEMA_VERSION
    assert fields["seed"] == 2**63 - 1
    assert fields["motion"]["level"] == "large"


def test_fields_of_a_newer_minor_version_are_ignored_and_a_newer_schema_is_not() -> None:
    fields = json.loads(make_recipe().to_json())
    assert from_json(json.dumps(fields | {"sharpness": 3})) == make_recipe()
    with pytest.raises(PictureError, match=r"schema version 2.*Update pia-edge"):
        from_json(json.dumps(fields | {"schema_version": 2, "seed": "now a text"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": -1},
        {"seed": 2**63},
        {"affinity": (1.0, float("nan"))},
        {"fps": float("inf")},
        {"prompt": "half \ud83d"},
        {"bundle_sha256": "short"},
        {"num_frames": 0},
        {"motion": None},
    ],
)
def test_a_recipe_that_could_not_be_read_is_never_written(changes: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="recipe cannot be written"):
        make_recipe(**changes).to_json()


def test_hash_tells_shape_and_values_and_not_memory_layout() -> None:
    assert sha256_of_pixels(FRAMES) == sha256_of_pixels(np.asfortranarray(FRAMES))
    assert sha256_of_pixels(FRAMES) != sha256_of_pixels(FRAMES.reshape(-1))
    changed = FRAMES.copy()
    changed[1, 2, 3, 0] ^= 1
    assert sha256_of_pixels(FRAMES) != sha256_of_pixels(changed)


def test_a_recipe_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        make_recipe().seed = 1  # type: ignore[misc]
    assert msgspec.structs.replace(make_recipe(), seed=1).seed == 1


def test_recipes_of_earlier_versions_are_read() -> None:
    """They know nothing of windows, further prompts, a last picture or loops that leave out a frame."""
    fields = json.loads(make_recipe().to_json())
    added = ("prompts_at", "window", "overlap", "without_last", "last_picture_name", "last_picture_sha256")
    for name in added:
        del fields[name]
    for name in ("keyframes", "stretch", "copied_from"):
        del fields["motion"][name]
    assert from_json(json.dumps(fields)) == make_recipe()


def test_what_long_clips_and_prompts_by_frame_add_survives() -> None:
    recipe = make_recipe(window=16, overlap=4, prompts_at=((8, "night"), ("100%", "dawn")), last_picture_name="b.png")
    assert from_json(recipe.to_json()) == recipe
