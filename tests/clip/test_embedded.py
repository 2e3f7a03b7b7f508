"""The recipe in every format, and against hostile files."""

import json
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pia_edge.clip import read_recipe, save_clip
from pia_edge.clip.embedded import TEXT_KEY, to_xmp
from pia_edge.errors import MissingExtraError, PictureError
from pia_edge.request import MAX_PROMPT_CHARACTERS
from tests.clip.examples import FRAMES, make_recipe

NAMES = ["clip.gif", "clip.webp", "clip.apng", "clip.mp4", "clip"]


PROMPTS = {
    "plain": "a bear walking in a shop",
    "japanese": "店の中を歩く熊",
    "emoji": "👩‍🚀🐻‍❄️ é é",
    "right-to-left": "دب يمشي",
    "markup": "<b>&amp;]]></pia:recipe><!-- \" ' \\ {} %s",
    "control": "tab\tline\r\nbell\a escape\x1b end\x7f\ufffe",
    "long": "熊" * MAX_PROMPT_CHARACTERS,
    "empty": "",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_round_trip_through_every_format(tmp_path: Path, name: str, prompt: str) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    recipe = make_recipe(prompt=prompt)
    assert read_recipe(save_clip(FRAMES, tmp_path / name, fps=8, recipe=recipe, overwrite=False)) == recipe


def test_text_is_where_other_programs_find_it(tmp_path: Path) -> None:
    recipe = make_recipe(prompt="熊 <b>&")
    for name in NAMES[:3]:
        save_clip(FRAMES, tmp_path / name, fps=8, recipe=recipe, overwrite=False)
    with Image.open(tmp_path / "clip.gif") as gif:
        assert gif.info["comment"].decode() == recipe.to_json()
    with Image.open(tmp_path / "clip.apng") as apng:
        assert apng.info[TEXT_KEY] == recipe.to_json()
    with Image.open(tmp_path / "clip.webp") as webp:
        packet = ElementTree.fromstring(webp.info["xmp"].decode().partition("?>")[2])
    assert [field.text for field in packet.iter("{urn:pia-edge}recipe")] == [recipe.to_json()]


def test_mp4_comment_is_found_by_pyav(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    save_clip(FRAMES, tmp_path / "clip.mp4", fps=8, recipe=make_recipe(), overwrite=False)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert container.metadata["comment"] == make_recipe().to_json()


def test_every_frame_of_a_sequence_has_the_recipe(tmp_path: Path) -> None:
    save_clip(FRAMES, tmp_path / "frames", fps=8, recipe=make_recipe(), overwrite=False)
    for index in range(3):
        assert read_recipe(tmp_path / "frames" / f"{index:04}.png") == make_recipe()


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_without_recipe_says_so(tmp_path: Path, name: str) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    save_clip(FRAMES, tmp_path / name, fps=8, recipe=None, overwrite=False)
    with pytest.raises(PictureError, match="No recipe found"):
        read_recipe(tmp_path / name)


def damaged(**changes: Any) -> str:
    return json.dumps(json.loads(make_recipe().to_json()) | changes)


HOSTILE = {
    "cut": make_recipe().to_json()[:-20],
    "seed-text": damaged(seed="1; rm -rf /"),
    "seed-huge": damaged(seed=10**400),
    "seed-negative": damaged(seed=-5),
    "motion-both": damaged(motion={"level": "small", "loop": True, "style_transfer": True}),
    "motion-list": damaged(motion=[1]),
    "affinity-object": damaged(affinity={"a": 1}),
    "version-text": damaged(schema_version="1"),
    "no-fields": '{"format":"pia-edge recipe"}',
    "nested": damaged(versions="x").replace('"x"', "[" * 100_000 + "]" * 100_000),
    "nested-unknown": damaged(extra="x").replace('"x"', '{"a":' * 100_000 + "1" + "}" * 100_000),
    "megabytes": damaged(prompt="x" * 3_000_000),
    "zero": damaged(width=0),
    "object-reference": damaged(bundle_name={"py/reduce": ["os.system", "true"]}),
}


def embed(path: Path, text: str) -> Path:
    """`text` inside a picture of the format of `path`, written by Pillow alone."""
    image = Image.new("RGB", (4, 4))
    if path.suffix == ".gif":
        image.save(path, comment=text.encode())
    elif path.suffix == ".webp":
        image.save(path, xmp=to_xmp(text))
    else:
        chunks = PngInfo()
        chunks.add_itxt(TEXT_KEY, text)
        image.save(path, pnginfo=chunks)
    return path


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_recipes_end_in_one_clear_error(tmp_path: Path, suffix: str, text: str) -> None:
    path = embed(tmp_path / f"hostile{suffix}", text)
    start = time.perf_counter()
    with pytest.raises(PictureError, match="Damaged recipe") as caught:
        read_recipe(path)
    assert time.perf_counter() - start < 1
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '{"workflow":{}}', "x" * 1_000_000, "\0\1\2"])
def test_text_of_other_programs_is_no_recipe(tmp_path: Path, suffix: str, text: str) -> None:
    with pytest.raises(PictureError, match="No recipe found"):
        read_recipe(embed(tmp_path / f"foreign{suffix}", text))


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_a_good_recipe_that_pillow_embedded_is_read(tmp_path: Path, suffix: str) -> None:
    assert read_recipe(embed(tmp_path / f"good{suffix}", make_recipe().to_json())) == make_recipe()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html>",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 64,
        b"RIFF\xff\xff\xff\xffWEBP" + b"\0" * 64,
        b"\0\0\0\x18ftypisom\0\0\0\0isomavc1" + b"\xff" * 99,
        b"#EXTM3U\nhttp://127.0.0.1/x.ts\n",
    ],
)
def test_files_that_hold_nothing(tmp_path: Path, content: bytes) -> None:
    if b"ftyp" in content:
        pytest.importorskip("av")
    (tmp_path / "clip.mp4").write_bytes(content)
    with pytest.raises(PictureError, match="No recipe found"):
        read_recipe(tmp_path / "clip.mp4")


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="No such file"):
        read_recipe(tmp_path / "missing.gif")
    with pytest.raises(PictureError, match="No recipe found"):
        read_recipe(tmp_path)
    with pytest.raises(PictureError, match="Could not read"):
        read_recipe(tmp_path / "nul\0byte")


def test_mp4_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0isomavc1")
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pia-edge\[video\]'"):
        read_recipe(tmp_path / "clip.mp4")
