"""A whole set of clips."""

from pathlib import Path

import pytest
from PIL import Image

from pia_edge.cancel import CancelToken
from pia_edge.clip import Animation, save_clip
from pia_edge.errors import Cancelled, PictureError
from pia_edge.evaluation.backbone import open_clip
from pia_edge.evaluation.evaluating import evaluate
from pia_edge.evaluation.measures import flicker, psnr
from pia_edge.evaluation.report import Skipped
from pia_edge.evaluation.writing import write_evaluation
from pia_edge.progress import Progress, Stage
from tests.clip.examples import moving_scene
from tests.evaluation.examples import recipe_of, save, sliding
from tests.evaluation.test_clip_set import list_clips

FRAMES = sliding(4, 2.0, -1.0, height=48, width=64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two clips of one picture: with its recipe, and as another program's."""
    made = tmp_path / "sea"
    made.mkdir()
    Image.fromarray(FRAMES[0]).save(made / "picture.png")
    save(FRAMES, made / "ours.apng", prompt="our waves")
    save_clip(FRAMES, made / "theirs.apng", fps=8, recipe=None, overwrite=False)
    list_clips(made, {"file": "theirs.apng", "prompt": "their waves", "condition_image": "picture.png"})
    return made


def test_without_a_model(folder: Path) -> None:
    found = evaluate(folder, None).evaluation
    assert (found.set, found.backbone, found.skipped) == ("sea", None, ())
    ours, theirs = found.clips
    assert (ours.file, ours.prompt, ours.described_by) == ("ours.apng", "our waves", "recipe")
    assert (theirs.file, theirs.prompt, theirs.described_by) == ("theirs.apng", "their waves", "set.json")
    assert ours.measures == theirs.measures
    assert (ours.num_frames, ours.width, ours.height) == (4, 64, 48)
    assert ours.condition_image == theirs.condition_image == "picture.png"
    assert ours.measures.condition_psnr_db == 200
    assert ours.measures.flicker == pytest.approx(flicker(FRAMES), abs=1e-6)
    assert (ours.alignment, ours.image_cosines, ours.text_cosines) == (None, None, None)
    assert ours.notes == ()
    assert len(ours.affinity) == 4
    assert set(found.versions) == {"pia-edge", "numpy", "pillow"}


def test_with_a_model(folder: Path, clip_folder: Path) -> None:
    clip = open_clip(clip_folder)
    found = evaluate(folder, clip).evaluation
    ours, theirs = found.clips
    images = clip.embed_images(FRAMES)
    expected = images @ images[0]
    assert ours.image_cosines == pytest.approx(expected.tolist(), abs=2e-6)
    assert ours.text_cosines == pytest.approx((images @ clip.embed_prompt("our waves")[0]).tolist(), abs=2e-6)
    assert ours.text_cosines != theirs.text_cosines
    assert ours.alignment is not None
    assert ours.alignment.image_all_frames.cosine == pytest.approx(expected.mean(), abs=2e-6)
    assert ours.alignment.image_other_frames is not None
    assert ours.alignment.image_other_frames.cosine == pytest.approx(expected[1:].mean(), abs=2e-6)
    assert found.backbone == clip.description
    assert found.mean.alignment is not None
    assert {"torch", "transformers"} <= set(found.versions)


def test_without_the_picture_the_condition_frame_serves(folder: Path) -> None:
    (folder / "picture.png").unlink()
    list_clips(folder, {"file": "theirs.apng", "prompt": "their waves"})
    found = evaluate(folder, None).evaluation
    for clip in found.clips:
        assert clip.condition_image is None
        assert clip.measures.condition_psnr_db is None
        assert clip.notes == ("no file of the condition image: the condition frame serves in its place",)
    assert found.mean.with_condition_image == 0


def test_another_picture_is_noted(folder: Path) -> None:
    Image.fromarray(FRAMES[2]).save(folder / "picture.png")
    ours, theirs = evaluate(folder, None).evaluation.clips
    assert ours.notes == ("the condition image differs from the one that the recipe records",)
    assert theirs.notes == ()
    assert ours.measures.condition_psnr_db == pytest.approx(psnr(FRAMES[0], FRAMES[2]), abs=1e-6)


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(folder: Path) -> None:
    whole = (folder / "ours.apng").read_bytes()
    (folder / "cut.apng").write_bytes(whole[: len(whole) * 2 // 3])
    save(moving_scene(3), folder / "wrong.gif", num_frames=9)
    (folder / "plain.webp").write_bytes(b"RIFF")
    list_clips(
        folder,
        {"file": "theirs.apng", "prompt": "a"},
        {"file": "gone.gif", "prompt": "a"},
        {"file": "ours.apng", "prompt": "a", "condition_frame": 4},
    )
    told: list[Skipped] = []
    found = evaluate(folder, None, on_skip=told.append).evaluation
    assert [clip.file for clip in found.clips] == ["theirs.apng"]
    assert [each.file for each in found.skipped] == ["cut.apng", "gone.gif", "ours.apng", "plain.webp", "wrong.gif"]
    assert sorted(told, key=lambda each: each.file) == list(found.skipped)
    reasons = {each.file: each.reason for each in found.skipped}
    assert "damaged" in reasons["cut.apng"]
    assert "No such file" in reasons["gone.gif"]
    assert "condition frame from 0 to 3" in reasons["ours.apng"]
    assert "expected 9 frames of 80x64 as its recipe says, found 3" in reasons["wrong.gif"]
    assert not any(str(folder) in reason for reason in reasons.values())


def test_nothing_can_be_evaluated(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"{number}.gif").write_bytes(b"GIF89a")
    with pytest.raises(PictureError, match="and 2 more") as raised:
        evaluate(tmp_path, None)
    assert "0.gif: No recipe found in 0.gif" in str(raised.value)


def test_names_that_are_not_unicode(tmp_path: Path) -> None:
    folder = tmp_path / "se\udce9"
    try:
        folder.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this file system has Unicode names only")
    Image.fromarray(FRAMES[0]).save(folder / "picture.png")
    save(FRAMES, folder / "clip\udcff.gif")
    (folder / "broken\udcff.gif").write_bytes(b"GIF89a")
    found = evaluate(folder, None)
    assert found.evaluation.set == r"se\udce9"
    assert [clip.file for clip in found.evaluation.clips] == [r"clip\udcff.gif"]
    assert [each.file for each in found.evaluation.skipped] == [r"broken\udcff.gif"]
    write_evaluation(tmp_path / "figures", found, overwrite=False)


def test_a_prompt_that_is_cut_is_noted(folder: Path, clip_folder: Path) -> None:
    list_clips(folder, {"file": "theirs.apng", "prompt": "sea " * 40})
    theirs = evaluate(folder, open_clip(clip_folder)).evaluation.clips[1]
    assert theirs.notes[-1] == f"CLIP did not read the last {3 * 40 + 2 - 77} tokens of the prompt"


def test_progress_and_stopping(folder: Path) -> None:
    seen: list[Progress] = []
    evaluate(folder, None, on_step=seen.append)
    assert [(each.stage, each.done, each.total) for each in seen] == [(Stage.EVALUATE, done, 2) for done in range(3)]
    token = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.done == 1:
            token.cancel()

    with pytest.raises(Cancelled):
        evaluate(folder, None, on_step=stop, cancel=token)


def test_equal_sets_give_equal_evaluations(folder: Path) -> None:
    one, other = evaluate(folder, None), evaluate(folder, None)
    assert one.evaluation == other.evaluation
    for row, again in zip(one.rows, other.rows, strict=True):
        assert row.captions == again.captions
        assert [picture.tobytes() for picture in row.pictures] == [picture.tobytes() for picture in again.pictures]


def test_a_loop_is_evaluated_without_the_frame_that_it_leaves_out(folder: Path) -> None:
    """Its condition frame may be that frame, which is the first one too."""
    recipe = recipe_of(FRAMES, condition_frame=3)
    Animation(frames=FRAMES, fps=recipe.fps, recipe=recipe).without_last().save(folder / "loop.apng")
    loop = next(clip for clip in evaluate(folder, None).evaluation.clips if clip.file == "loop.apng")
    assert (loop.num_frames, loop.condition_frame) == (3, 0)


def test_a_clip_of_several_prompts_says_so(folder: Path) -> None:
    save(FRAMES, folder / "day.apng", prompts_at=((2, "night"),))
    day = next(clip for clip in evaluate(folder, None).evaluation.clips if clip.file == "day.apng")
    assert any("the first alone" in note for note in day.notes)
