"""Which clips a folder holds."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pia_edge.clip import save_clip
from pia_edge.errors import PictureError, RequestError
from pia_edge.evaluation.clip_set import find_clips
from tests.clip.examples import few_colours
from tests.evaluation.examples import save


def list_clips(folder: Path, *clips: dict[str, Any], **others: Any) -> None:
    (folder / "set.json").write_text(json.dumps({"clips": clips} | others))


def test_clips_with_recipes(tmp_path: Path) -> None:
    for name in ("b.gif", "a.webp", "c.apng", "d"):
        save(few_colours(3), tmp_path / name, prompt=f"prompt of {name}", condition_frame=2)
    Image.new("RGB", (4, 4)).save(tmp_path / "picture.png")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden.gif").write_bytes(b"")
    clips, skipped = find_clips(tmp_path)
    assert [clip.file for clip in clips] == ["a.webp", "b.gif", "c.apng", "d"]
    assert skipped == ()
    assert clips[0].prompt == "prompt of a.webp"
    assert clips[0].condition_frame == 2
    assert clips[0].condition_image == tmp_path / "picture.png"
    assert clips[0].recipe is not None


def test_a_picture_that_is_gone(tmp_path: Path) -> None:
    save(few_colours(3), tmp_path / "a.gif")
    assert find_clips(tmp_path)[0][0].condition_image is None


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "deep/picture.png", ""])
def test_a_recipe_names_no_file_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "set" / "deep").mkdir(parents=True)
    for place in (tmp_path / "secret.png", tmp_path / "set" / "deep" / "picture.png"):
        Image.new("RGB", (4, 4)).save(place)
    save(few_colours(3), tmp_path / "set" / "a.gif", picture_name=name)
    assert find_clips(tmp_path / "set")[0][0].condition_image is None


def test_files_without_a_recipe_are_skipped_unless_they_are_pictures_of_clips(tmp_path: Path) -> None:
    save(few_colours(3), tmp_path / "a.gif", picture_name="photo.webp")
    Image.new("RGB", (4, 4)).save(tmp_path / "photo.webp")
    Image.new("RGB", (4, 4)).save(tmp_path / "other.webp")
    save_clip(few_colours(2), tmp_path / "frames", fps=8, recipe=None, overwrite=False)
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x20ftypisom")
    clips, skipped = find_clips(tmp_path)
    assert [clip.file for clip in clips] == ["a.gif"]
    assert [each.file for each in skipped] == ["broken.mp4", "frames", "other.webp"]
    for each in skipped:
        assert "set.json" in each.reason
        assert str(tmp_path) not in each.reason


def test_listed_clips(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    save(few_colours(3), tmp_path / "a.gif", prompt="its own")
    save_clip(few_colours(2), tmp_path / "deep" / "b.webp", fps=8, recipe=None, overwrite=False)
    list_clips(
        tmp_path,
        {"file": "deep/b.webp", "prompt": "b", "condition_image": "deep/b.png", "condition_frame": 1},
        {"file": "a.gif", "prompt": "listed"},
        schema_version=1,
    )
    clips, skipped = find_clips(tmp_path)
    assert skipped == ()
    assert [(clip.file, clip.prompt, clip.condition_frame) for clip in clips] == [
        ("a.gif", "listed", 0),
        ("deep/b.webp", "b", 1),
    ]
    assert [clip.condition_image for clip in clips] == [None, tmp_path / "deep" / "b.png"]
    assert [clip.recipe for clip in clips] == [None, None]


@pytest.mark.parametrize(
    "clip",
    [
        {"file": "../a.gif", "prompt": "a"},
        {"file": "/a.gif", "prompt": "a"},
        {"file": "C:a.gif", "prompt": "a"},
        {"file": "deep\\a.gif", "prompt": "a"},
        {"file": "", "prompt": "a"},
        {"file": "a.gif", "prompt": "a", "condition_image": "../../b.png"},
        {"file": "a.gif"},
        {"file": "a.gif", "prompt": 7},
        {"file": "a.gif", "prompt": "a" * 8193},
        {"file": "a.gif", "prompt": "a", "condition_frame": -1},
        {"file": "a.gif", "prompt": "a", "picture": "a.png"},
    ],
)
def test_wrong_listings(tmp_path: Path, clip: dict[str, Any]) -> None:
    list_clips(tmp_path, clip)
    with pytest.raises(RequestError, match=r"set\.json: expected"):
        find_clips(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b"{}", b'{"clips": 7}', b'{"clips": [], "schema_version": 2}', b"[" * 100_000]
)
def test_damaged_listings(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "set.json").write_bytes(content)
    with pytest.raises(RequestError, match=r"set\.json: expected"):
        find_clips(tmp_path)


def test_a_clip_that_is_listed_twice(tmp_path: Path) -> None:
    list_clips(tmp_path, {"file": "a.gif", "prompt": "a"}, {"file": "./a.gif", "prompt": "b"})
    with pytest.raises(RequestError, match="more than once"):
        find_clips(tmp_path)


def test_nothing_to_evaluate(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="found none"):
        find_clips(tmp_path)
    with pytest.raises(PictureError, match="No such file"):
        find_clips(tmp_path / "gone")
    (tmp_path / "file").write_text("")
    with pytest.raises(PictureError, match="expected a folder"):
        find_clips(tmp_path / "file")
