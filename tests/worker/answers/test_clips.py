"""What the child tells of finished clips, compared with what Pillow reads of them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge.cancel import CancelToken
from pia_edge.clip import Animation, sha256_of_pixels
from pia_edge.clip.recipe import Recipe
from pia_edge.errors import Cancelled, OutputError, PictureError
from pia_edge.image import fit_picture
from pia_edge.request import Fit
from pia_edge.worker.answers.clips import make_thumbnails, open_clip, read_recipes
from pia_edge.worker.clip_questions import MakeThumbnails, OpenClip, ReadRecipes
from tests.clip.examples import few_colours, make_recipe, moving_scene, read_frames

FRAMES = few_colours(4)
HEIGHT, WIDTH = FRAMES.shape[1:3]


def recipe_of_frames(num_frames: int = 4, **changes: object) -> Recipe:
    return make_recipe(num_frames=num_frames, width=WIDTH, height=HEIGHT, **changes)


def raw_frames(raw: Path) -> "np.typing.NDArray[np.uint8]":
    return np.frombuffer(raw.read_bytes(), np.uint8).reshape(-1, HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("name", ["clip.apng", "clip.gif", "clip.webp", "clip"])
def test_frames_and_times_are_those_of_the_clip(tmp_path: Path, name: str) -> None:
    path = Animation(frames=FRAMES, fps=5, recipe=recipe_of_frames(fps=5.0)).save(tmp_path / name)
    opened = open_clip(OpenClip(path, tmp_path / "new" / "raw"), CancelToken())
    np.testing.assert_array_equal(raw_frames(tmp_path / "new" / "raw"), FRAMES)
    assert (opened.width, opened.height, opened.order) == (WIDTH, HEIGHT, (0, 1, 2, 3))
    assert opened.milliseconds == (200.0,) * 4
    assert opened.recipe == recipe_of_frames(fps=5.0)
    assert (opened.no_recipe, opened.picture) == ("", None)


def test_a_video_has_times(tmp_path: Path) -> None:
    pytest.importorskip("av")
    path = Animation(frames=moving_scene(3), fps=5).save(tmp_path / "clip.mp4")
    opened = open_clip(OpenClip(path, tmp_path / "raw"), CancelToken())
    assert opened.milliseconds == pytest.approx([200.0] * 3)
    assert opened.recipe is None
    assert "No recipe found" in opened.no_recipe


def test_equal_frames_are_counted_as_the_recipe_counts_them(tmp_path: Path) -> None:
    frames = FRAMES[[0, 0, 0, 1]]
    path = Animation(frames=frames, fps=8, recipe=recipe_of_frames()).save(tmp_path / "clip.apng")
    opened = open_clip(OpenClip(path, tmp_path / "raw"), CancelToken())
    np.testing.assert_array_equal(raw_frames(tmp_path / "raw")[list(opened.order)], frames)
    assert opened.milliseconds == (125.0,) * 4


def test_the_longest_clip_is_played_both_ways(tmp_path: Path) -> None:
    frames = np.random.default_rng(1).integers(0, 256, (1024, 2, 2, 3), dtype=np.uint8)
    clip = Animation(frames=frames, fps=8, recipe=make_recipe(num_frames=1024, width=2, height=2)).ping_pong()
    opened = open_clip(OpenClip(clip.save(tmp_path / "clip.apng"), tmp_path / "raw"), CancelToken())
    assert len(opened.order) == 2046
    assert (tmp_path / "raw").read_bytes() == clip.frames.tobytes()


def test_the_picture_is_the_one_that_the_network_saw(tmp_path: Path) -> None:
    pixels = moving_scene(1, 100, 180)[0]
    Image.fromarray(pixels).save(tmp_path / "boat.png")
    Image.new("RGB", (40, 40)).save(tmp_path / "other.png")
    fitted = fit_picture(pixels, fit=Fit.PAD, size=(48, 32), long_edge=48, multiple=8).pixels
    clip = np.repeat(fitted[None], 2, axis=0)
    recipe = make_recipe(
        num_frames=2,
        width=48,
        height=32,
        size_given=True,
        fit=Fit.PAD,
        picture_name="boat.png",
        picture_sha256=sha256_of_pixels(fitted),
    )
    path = Animation(frames=clip, fps=8, recipe=recipe).save(tmp_path / "clip.apng")
    question = OpenClip(path, tmp_path / "raw", (tmp_path / "gone.png", tmp_path / "other.png"))
    opened = open_clip(question, CancelToken())
    assert opened.picture == tmp_path / "boat.png"
    last = np.frombuffer((tmp_path / "raw").read_bytes(), np.uint8).reshape(-1, 32, 48, 3)[-1]
    np.testing.assert_array_equal(last, fitted)


def test_a_recipe_cannot_point_out_of_the_folder(tmp_path: Path) -> None:
    Image.new("RGB", (WIDTH, HEIGHT)).save(tmp_path / "secret.png")
    (tmp_path / "below").mkdir()
    recipe = recipe_of_frames(picture_name="../secret.png")
    path = Animation(frames=FRAMES, fps=8, recipe=recipe).save(tmp_path / "below" / "clip.apng")
    assert open_clip(OpenClip(path, tmp_path / "raw"), CancelToken()).picture is None


def test_nothing_stays_of_what_cannot_be_opened(tmp_path: Path) -> None:
    whole = Animation(frames=FRAMES, fps=8).save(tmp_path / "clip.apng").read_bytes()
    (tmp_path / "cut.apng").write_bytes(whole[: len(whole) // 2])
    token = CancelToken()
    token.cancel()
    with pytest.raises(PictureError, match="damaged"):
        open_clip(OpenClip(tmp_path / "cut.apng", tmp_path / "raw"), CancelToken())
    with pytest.raises(Cancelled):
        open_clip(OpenClip(tmp_path / "clip.apng", tmp_path / "raw"), token)
    assert not (tmp_path / "raw").exists()
    with pytest.raises(OutputError, match=r"cut\.apng"):
        open_clip(OpenClip(tmp_path / "clip.apng", tmp_path / "cut.apng" / "raw"), CancelToken())


def test_recipes_are_read_as_far_as_they_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = tuple(
        Animation(frames=FRAMES, fps=8, recipe=recipe_of_frames(seed=seed)).save(tmp_path / f"{seed}.apng")
        for seed in range(3)
    )
    read = read_recipes(ReadRecipes((*paths, tmp_path / "gone.apng")), CancelToken())
    assert read.recipes[:3] == tuple(recipe_of_frames(seed=seed) for seed in range(3))
    assert "gone.apng" in str(read.recipes[3])
    monkeypatch.setattr("pia_edge.worker.answers.clips._ROOM", 1000)
    assert len(read_recipes(ReadRecipes(paths), CancelToken()).recipes) == 1


def test_thumbnails_are_small_and_no_more_than_asked(tmp_path: Path) -> None:
    path = Animation(frames=moving_scene(6, 60, 120), fps=8).save(tmp_path / "clip.apng")
    made = make_thumbnails(MakeThumbnails(path, 30, 4), CancelToken())
    assert (made.width, made.height, made.milliseconds) == (30, 15, (125.0,) * 4)
    small = np.frombuffer(made.pixels, np.uint8).reshape(4, 15, 30, 3)
    expected = read_frames(path)[0][:4].reshape(4, 15, 4, 30, 4, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(small, expected, atol=1.5)  # rounded once for each direction
    assert len(make_thumbnails(MakeThumbnails(path, 30, 40), CancelToken()).milliseconds) == 6
