"""Contact sheets: what stands on them, and where."""

import numpy as np
import pytest
from PIL import Image

from pia_edge.evaluation.contact_sheet import ROWS_PER_SHEET, Row, draw_sheets, row_of
from pia_edge.evaluation.lettering import Lettering, Style, wrapped
from tests.evaluation.reports import clip_report, evaluation


def clip(num_frames: int, height: int = 48, width: int = 64) -> np.ndarray:
    """Frames of one colour each, which differ."""
    levels = np.linspace(20, 220, num_frames).astype(np.uint8)
    return np.repeat(levels, height * width * 3).reshape(num_frames, height, width, 3)


def row(num_frames: int = 16, height: int = 48, width: int = 64) -> Row:
    frames = clip(num_frames, height, width)
    return row_of(clip_report(), frames[0], frames)


@pytest.mark.parametrize(
    ("num_frames", "expected"), [(16, [0, 4, 8, 11, 15]), (5, [0, 1, 2, 3, 4]), (3, [0, 1, 2]), (1, [0])]
)
def test_evenly_spaced_frames(num_frames: int, expected: list[int]) -> None:
    found = row(num_frames)
    assert found.captions[:2] == ("condition image", "frame 0 (condition)")
    assert [int(caption.split()[1]) for caption in found.captions[1:]] == expected
    frames = clip(num_frames)
    for picture, index in zip(found.pictures[1:], expected, strict=True):
        assert np.asarray(picture)[0, 0, 0] == frames[index, 0, 0, 0]


def test_the_shape_of_pictures_is_kept() -> None:
    assert {picture.size for picture in row(16, 48, 64).pictures} == {(176, 132)}
    assert {picture.size for picture in row(16, 64, 32).pictures} == {(88, 176)}
    assert {picture.size for picture in row(16, 2000, 4).pictures} == {(1, 176)}


def test_without_the_image_it_is_said() -> None:
    frames = clip(3)
    assert row_of(clip_report(condition_image=None), frames[0], frames).captions[0] == "condition frame"


@pytest.mark.parametrize(("count", "sheets"), [(1, 1), (8, 1), (9, 2), (17, 3)])
def test_rows_per_sheet(count: int, sheets: int) -> None:
    found = draw_sheets(evaluation(*[clip_report() for _ in range(count)]), [row()] * count)
    assert len(found) == sheets
    assert {sheet.mode for sheet in found} == {"RGB"}
    assert len({sheet.width for sheet in found}) == 1
    assert max(sheet.height for sheet in found) < 250 * ROWS_PER_SHEET + 400


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "a",
        "waves " * 400,
        "w" * 5000,
        "two\nlines\tand tabs",
        "夜の海 🌊 ночь",
        "\0\x07\ud800".encode(errors="replace").decode(),
    ],
)
def test_nothing_touches_the_margins(prompt: str) -> None:
    report = clip_report("name" * 100 + ".gif", prompt=prompt)
    frames = clip(16, 300, 20)
    sheet = draw_sheets(evaluation(report, report), [row_of(report, frames[0], frames)] * 2)[0]
    pixels = np.asarray(sheet)
    for edge in (pixels[:40], pixels[-40:], pixels[:, :40], pixels[:, -40:]):
        assert (edge == 255).all()
    assert (pixels[40:-40, 40:-40] < 255).any()


def test_pictures_and_text_keep_apart() -> None:
    sheet = np.asarray(draw_sheets(evaluation(clip_report(prompt="w" * 500)), [row()])[0])
    band = sheet[190:270]
    empty = np.flatnonzero((band == 255).all(axis=(0, 2)))
    gaps = np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1)
    assert sum(len(gap) >= 10 for gap in gaps) >= 8, "two margins, and one gap to the right of each picture"


def test_lines_end_between_words() -> None:
    lettering = Lettering()
    text = "a lighthouse by the sea, night falls and the waves grow"
    lines = wrapped(text, lettering, Style.PROMPT, 120)
    assert " ".join(lines) == text
    assert len(lines) > 2
    assert all(lettering.width(line, Style.PROMPT) <= 120 for line in lines)
    assert wrapped(text, lettering, Style.PROMPT, 120, lines=len(lines)) == lines


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    lettering = Lettering()
    lines = wrapped("sea " * 200, lettering, Style.PROMPT, 100, lines=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(lettering.width(line, Style.PROMPT) <= 100 for line in lines)
    broken = wrapped("w" * 60, lettering, Style.PROMPT, 100)
    assert "".join(broken) == "w" * 60
    assert wrapped("", lettering, Style.PROMPT, 100, lines=3) == [""]


def test_equal_evaluations_give_equal_sheets() -> None:
    one, other = (draw_sheets(evaluation(clip_report()), [row()])[0] for _ in range(2))
    assert isinstance(one, Image.Image)
    assert one.tobytes() == other.tobytes()
