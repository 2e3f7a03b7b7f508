"""Spans of time are no more exact than anybody knows."""

import pytest

from pia_edge.gui.widgets.time_words import about, exact


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "a few seconds"),
        (7.4, "about 7 s"),
        (42, "about 40 s"),
        (58, "about 1 min"),
        (200, "about 3 min"),
        (3569, "about 59 min"),
        (3590, "about 1 h"),
        (4800, "about 1 h 20 min"),
        (7200, "about 2 h"),
    ],
)
def test_what_is_expected(seconds: float, text: str) -> None:
    assert about(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (12.3, "12 s"), (150, "2 min"), (7500, "2 h 5 min")]
)
def test_what_was_measured(seconds: float, text: str) -> None:
    assert exact(seconds) == text
