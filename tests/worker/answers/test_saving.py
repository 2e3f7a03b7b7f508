"""Clips written anew: frames, times, recipes and sizes, read back by Pillow and the file system."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from pia_edge.cancel import CancelToken
from pia_edge.clip import Animation, ClipFormat, read_recipe
from pia_edge.errors import OutputError, PictureError, RequestError
from pia_edge.worker.answers.saving import find_size, list_formats, save
from pia_edge.worker.clip_questions import FindSize, SaveClip
from tests.clip.examples import few_colours, make_recipe, read_frames

FRAMES = few_colours(5)[[0, 1, 1, 2, 3]]
RECIPE = make_recipe(num_frames=5, width=FRAMES.shape[2], height=FRAMES.shape[1])
NAMES = {
    ClipFormat.GIF: "to.gif",
    ClipFormat.WEBP: "to.webp",
    ClipFormat.APNG: "to.apng",
    ClipFormat.MP4: "to.mp4",
    ClipFormat.PNG_SEQUENCE: "to",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Animation(frames=FRAMES, fps=8, recipe=RECIPE).save(tmp_path / "clip.apng")


def bytes_of(path: Path) -> int:
    return sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))


@pytest.mark.parametrize("ping_pong", [False, True])
@pytest.mark.parametrize("clip_format", ClipFormat)
def test_sizes_are_those_of_the_files(source: Path, clip_format: ClipFormat, ping_pong: bool) -> None:
    if clip_format is ClipFormat.MP4:
        pytest.importorskip("av")
    target = source.with_name(NAMES[clip_format])
    found = find_size(FindSize(source, clip_format, 10.0, ping_pong), CancelToken())
    saved = save(SaveClip(source, target, 10.0, ping_pong), CancelToken())
    assert saved.path == target
    assert found.size == saved.size == bytes_of(target)
    assert read_recipe(target) == msgspec.structs.replace(RECIPE, fps=10.0, ping_pong=ping_pong)


@pytest.mark.parametrize("name", ["to.gif", "to.webp", "to.apng"])
def test_every_moment_shows_its_frame_at_another_rate(source: Path, name: str) -> None:
    saved = save(SaveClip(source, source.with_name(name), 10.0, ping_pong=True), CancelToken())
    decoded, delays, _ = read_frames(saved.path)
    middles = (np.arange(8) + 0.5) * 100
    shown = decoded[np.searchsorted(np.cumsum(delays), middles)]
    np.testing.assert_array_equal(shown, FRAMES[[0, 1, 2, 3, 4, 3, 2, 1]])


def test_numbered_pngs_hold_every_frame(source: Path) -> None:
    folder = save(SaveClip(source, source.with_name("frames")), CancelToken()).path
    frames = [np.asarray(Image.open(folder / f"{number:04}.png")) for number in range(5)]
    np.testing.assert_array_equal(frames, FRAMES)


def test_a_copy_is_equal_to_the_last_byte(source: Path) -> None:
    copy = save(SaveClip(source, source.with_name("copy.apng")), CancelToken()).path
    assert copy.read_bytes() == source.read_bytes()


def test_what_plays_both_ways_does_so_once(source: Path) -> None:
    both = save(SaveClip(source, source.with_name("both.webp"), ping_pong=True), CancelToken()).path
    again = save(SaveClip(both, source.with_name("again.apng")), CancelToken()).path
    assert read_recipe(again).ping_pong
    with pytest.raises(RequestError, match="plays both ways"):
        save(SaveClip(both, source.with_name("twice.gif"), ping_pong=True), CancelToken())
    loop = Animation(frames=FRAMES, fps=8, recipe=RECIPE).without_last().save(source.with_name("loop.apng"))
    with pytest.raises(RequestError, match="needs no way back"):
        save(SaveClip(loop, source.with_name("twice.gif"), ping_pong=True), CancelToken())


def test_a_video_without_its_padding(source: Path) -> None:
    pytest.importorskip("av")
    assert FRAMES.shape[1] % 2 == 1
    video = save(SaveClip(source, source.with_name("to.mp4")), CancelToken()).path
    back = save(SaveClip(video, source.with_name("back.apng")), CancelToken()).path
    assert read_frames(back)[0].shape[1:3] == FRAMES.shape[1:3]


def test_a_clip_of_another_program_keeps_its_times(tmp_path: Path) -> None:
    frames = [Image.fromarray(frame) for frame in few_colours(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=[120, 360, 120], loop=0)
    path = save(SaveClip(tmp_path / "a.gif", tmp_path / "b.apng"), CancelToken()).path
    assert read_frames(path)[1] == [120.0, 360.0, 120.0]
    frames[0].save(tmp_path / "c.gif", save_all=True, append_images=frames[1:], duration=[10, 60_000, 10], loop=0)
    with pytest.raises(PictureError, match="6002 frames"):
        save(SaveClip(tmp_path / "c.gif", tmp_path / "d.apng"), CancelToken())


def test_what_would_be_lost_stays(source: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(OutputError, match="the clip itself"):
        save(SaveClip(source, source, overwrite=True), CancelToken())
    source.with_name("to.gif").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        save(SaveClip(source, source.with_name("to.gif")), CancelToken())
    assert (source.read_bytes(), source.with_name("to.gif").read_text()) == (before, "mine")
    assert save(SaveClip(source, source.with_name("to.gif"), overwrite=True), CancelToken()).size > 4


def test_formats_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("av")
    assert [each.format for each in list_formats().formats] == list(ClipFormat)
    assert all(each.missing is None for each in list_formats().formats)
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    missing = {each.format: each.missing for each in list_formats().formats if each.missing}
    assert list(missing) == [ClipFormat.MP4]
    assert "pip install 'pia-edge[video]'" in missing[ClipFormat.MP4]


def test_rates_that_a_format_cannot_play(source: Path) -> None:
    for question in (FindSize(source, ClipFormat.GIF, 60.0), FindSize(source, ClipFormat.APNG, 0.01)):
        with pytest.raises(RequestError, match="frames per second"):
            find_size(question, CancelToken())
