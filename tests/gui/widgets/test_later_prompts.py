"""Prompts of later frames, typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.draft import Draft
from pia_edge.gui.widgets.later_prompts import LaterPrompts
from pia_edge.prompt_travel import MAX_PROMPTS


@pytest.fixture
def draft(qtbot: QtBot) -> Draft:  # noqa: ARG001 - needs an application
    made = Draft()
    made.change(prompt="day")
    return made


@pytest.fixture
def later(draft: Draft, qtbot: QtBot) -> LaterPrompts:
    made = LaterPrompts(draft)
    qtbot.addWidget(made)
    made.show()
    return made


def asked(draft: Draft) -> tuple[tuple[int | str, str], ...]:
    return draft.state.prompts_at


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def retype(field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_prompt_for_the_second_half_is_a_click_and_its_words(later: LaterPrompts, draft: Draft) -> None:
    click(later.add)
    assert asked(draft) == ()
    QTest.keyClicks(later.rows[0].words, "night falls")
    assert asked(draft) == (("50%", "night falls"),)
    click(later.add)
    QTest.keyClicks(later.rows[1].words, "it snows")
    assert asked(draft) == (("50%", "night falls"), ("67%", "it snows"))
    click(later.rows[0].remove)
    assert asked(draft) == (("67%", "it snows"),)


@pytest.mark.parametrize(("typed", "meant"), [("9", 8), ("25 %", "25%"), ("12,5%", "12.5%"), ("100%", "100%")])
def test_where_it_begins(later: LaterPrompts, draft: Draft, typed: str, meant: int | str) -> None:
    draft.change(prompts_at=(("50%", "night"),))
    retype(later.rows[0].where, typed)
    assert asked(draft) == ((meant, "night"),)
    assert later.problem.text() == ""


@pytest.mark.parametrize("typed", ["soon", "0", "101%", "", "-1"])
def test_what_is_no_place_gets_a_sentence_and_changes_nothing(later: LaterPrompts, draft: Draft, typed: str) -> None:
    draft.change(prompts_at=(("50%", "night"),))
    retype(later.rows[0].where, typed or " ")
    assert f"found “{typed or ' '}”" in later.problem.text()
    draft.change(prompt="morning")
    assert asked(draft) == (("50%", "night"),)
    assert later.rows[0].where.text() == (typed or " "), "it is the user's to mend"
    retype(later.rows[0].where, "75%")
    assert later.problem.text() == ""
    assert asked(draft) == (("75%", "night"),)


def test_the_first_frame_has_the_prompt_itself(later: LaterPrompts, draft: Draft) -> None:
    draft.change(prompts_at=(("50%", "night"),))
    retype(later.rows[0].where, "1")
    assert "Choose a later frame" in later.problem.text()
    assert asked(draft) == (("50%", "night"),)


def test_those_of_an_older_clip_are_shown_in_the_windows_frames(later: LaterPrompts, draft: Draft) -> None:
    draft.change(prompts_at=((8, "dusk"), ("100%", "night")))
    assert [(row.where.text(), row.words.text()) for row in later.rows] == [("9", "dusk"), ("100%", "night")]


def test_there_is_an_end_of_them(later: LaterPrompts, draft: Draft) -> None:
    draft.change(prompts_at=tuple((frame, "night") for frame in range(1, MAX_PROMPTS + 1)))
    assert not later.add.isEnabled()
    click(later.rows[-1].remove)
    assert later.add.isEnabled()
