"""Advanced settings: empty is the bundle's choice, and what cannot be taken gets a sentence."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.widgets.optional_number import OptionalNumber
from pia_edge.gui.widgets.settings_panel import SettingsPanel
from pia_edge.request import MAX_SEED, Fit, SchedulerName

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(quick_desk: Desk, qtbot: QtBot) -> SettingsPanel:
    made = SettingsPanel(quick_desk)
    qtbot.addWidget(made)
    made.show()
    made.fold.unfold()
    qtbot.waitUntil(lambda: quick_desk.limits.found is not None, timeout=20_000)
    return made


def enter(number: OptionalNumber, text: str) -> None:
    number.selectAll()
    QTest.keyClick(number, Qt.Key.Key_Backspace)
    QTest.keyClicks(number, text)
    QTest.keyClick(number, Qt.Key.Key_Return)


def test_it_is_folded_at_first(quick_desk: Desk, qtbot: QtBot) -> None:
    panel = SettingsPanel(quick_desk)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.steps.isVisible()
    panel.fold.heading.setFocus()
    QTest.keyClick(panel.fold.heading, Qt.Key.Key_Space)
    assert panel.steps.isVisible()


def test_the_bundles_choices_are_shown(panel: SettingsPanel) -> None:
    assert panel.steps.placeholderText() == "20"
    assert panel.guidance.placeholderText() == "2"
    assert panel.scheduler.currentText() == "The bundle's: DDIM"
    assert not panel.decoder.isEnabled()


def test_numbers_are_taken_and_left_open(panel: SettingsPanel, quick_desk: Desk) -> None:
    enter(panel.steps, "12")
    enter(panel.guidance, "7,5")
    enter(panel.guided_to, "0.7")
    enter(panel.seed, str(MAX_SEED))
    state = quick_desk.draft.state
    assert (state.num_inference_steps, state.guidance_scale, state.guidance_interval) == (12, 7.5, (0.0, 0.7))
    assert state.seed == MAX_SEED, "64 bits, exact"
    for number in (panel.steps, panel.guidance, panel.guided_from, panel.guided_to, panel.seed):
        enter(number, "")
    assert quick_desk.draft.state == DraftState()


def test_frames_in_between_are_chosen_and_followed(panel: SettingsPanel, quick_desk: Desk) -> None:
    panel.interpolate.setFocus()
    QTest.keyClick(panel.interpolate, Qt.Key.Key_Down)
    QTest.keyClick(panel.interpolate, Qt.Key.Key_Down)
    assert quick_desk.draft.state.interpolate == 3
    assert panel.interpolate.currentText() == "3 times the frames"
    quick_desk.draft.change(interpolate=1)
    assert panel.interpolate.currentText() == "None"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("steps", "0", "1 to 1000"),
        ("steps", "many", "Expected a number, found “many”"),
        ("seed", str(MAX_SEED + 1), "seed"),
        ("seed", "-3", "Expected a number"),
        ("guidance", "nan", "Expected a number"),
        ("guided_to", "1.5", "guidance_interval"),
    ],
)
def test_what_cannot_be_taken_gets_a_sentence(
    panel: SettingsPanel, quick_desk: Desk, name: str, text: str, said: str
) -> None:
    number: OptionalNumber = getattr(panel, name)
    enter(number, text)
    assert said.replace("1 to 1000", "from 1 to 1000") in panel.problem.text()
    assert quick_desk.draft.state == DraftState()
    assert number.text() == text, "it is left for the user to mend"
    enter(number, "1")
    assert panel.problem.text() == ""


def test_a_size_needs_both_sides(panel: SettingsPanel, quick_desk: Desk) -> None:
    enter(panel.width_field, "128")
    sizes = [quick_desk.draft.state.size]
    quick_desk.draft.change(prompt="something else happens")
    assert panel.width_field.text() == "128"
    enter(panel.height_field, "96")
    assert [*sizes, quick_desk.draft.state.size] == [None, (128, 96)]
    enter(panel.height_field, "97")
    assert "multiples of 8" in panel.problem.text()


def test_arrows_step(panel: SettingsPanel, quick_desk: Desk) -> None:
    QTest.keyClick(panel.steps, Qt.Key.Key_Up)
    assert quick_desk.draft.state.num_inference_steps == 21
    QTest.keyClick(panel.guidance, Qt.Key.Key_Down)
    assert quick_desk.draft.state.guidance_scale == 1.5


def test_choices_are_made_by_key(panel: SettingsPanel, quick_desk: Desk) -> None:
    QTest.keyClick(panel.scheduler, Qt.Key.Key_End)
    QTest.keyClick(panel.fit, Qt.Key.Key_Down)
    assert quick_desk.draft.state.scheduler is SchedulerName.LCM
    assert quick_desk.draft.state.fit is Fit.CROP
    QTest.keyClick(panel.scheduler, Qt.Key.Key_Home)
    assert quick_desk.draft.state.scheduler is None


def test_the_seed_is_kept_or_drawn(panel: SettingsPanel, quick_desk: Desk) -> None:
    row = panel.seed_row
    assert not row.use_last.isEnabled()
    panel.set_last_seed(2**40)
    assert panel.seed.placeholderText() == f"Last: {2**40}"
    QTest.mouseClick(row.use_last, _LEFT)
    assert (quick_desk.draft.state.seed, panel.seed.text(), row.keep.isChecked()) == (2**40, str(2**40), True)
    QTest.mouseClick(row.keep, _LEFT, pos=QPoint(8, row.keep.height() // 2))
    assert (quick_desk.draft.state.seed, panel.seed.text()) == (None, "")
    QTest.mouseClick(row.keep, _LEFT, pos=QPoint(8, row.keep.height() // 2))
    assert quick_desk.draft.state.seed == 2**40


def test_it_follows_the_draft(panel: SettingsPanel, quick_desk: Desk) -> None:
    quick_desk.draft.change(
        num_inference_steps=7, size=(64, 72), guidance_interval=(0.1, 0.5), scheduler=SchedulerName.EULER, seed=5
    )
    texts = [panel.steps, panel.width_field, panel.height_field, panel.guided_from, panel.guided_to, panel.seed]
    assert [number.text() for number in texts] == ["7", "64", "72", "0.1", "0.5", "5"]
    assert panel.scheduler.currentText() == "Euler"


def test_others_may_add_rows(panel: SettingsPanel, qtbot: QtBot) -> None:
    device = QComboBox()
    panel.add_row("Device", device)
    qtbot.waitUntil(device.isVisible)
    assert panel.problem.parentWidget() == device.parentWidget()


def test_every_control_has_a_name(panel: SettingsPanel) -> None:
    controls: list[QWidget] = [*panel.findChildren(OptionalNumber), *panel.findChildren(QComboBox)]
    assert [control for control in controls if not control.accessibleName()] == []
