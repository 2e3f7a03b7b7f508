"""Motion: named, drawn by mouse and keys, copied by drop, and its timing."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.motion_panel import MotionPanel
from pia_edge.motion import Level, Motion
from tests.gui.dropping import drop, files

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(quick_desk: Desk, qtbot: QtBot) -> MotionPanel:
    made = MotionPanel(quick_desk)
    qtbot.addWidget(made)
    made.resize(440, 380)
    with qtbot.waitExposed(made):
        made.show()
    return made


def place(panel: MotionPanel, frame: int, value: float) -> QPoint:
    """Where in the editor a frame would have an affinity."""
    plot = panel.curve.plot
    return QPoint(round(plot.position_of(frame).x()), round(plot.height_of(value)))


def test_a_named_motion_is_chosen_by_a_click(panel: MotionPanel, quick_desk: Desk) -> None:
    QTest.mouseClick(panel.choice.levels[Level.LARGE], _LEFT)
    QTest.mouseClick(panel.choice.loop, _LEFT, pos=QPoint(8, panel.choice.loop.height() // 2))
    assert quick_desk.draft.state.motion == Motion(level=Level.LARGE, loop=True)
    style = panel.choice.style_transfer
    QTest.mouseClick(style, _LEFT, pos=QPoint(8, style.height() // 2))
    assert quick_desk.draft.state.motion == Motion(level=Level.LARGE, style_transfer=True)
    assert not panel.choice.loop.isChecked()


def test_a_drag_paints_over_the_frames(panel: MotionPanel, quick_desk: Desk) -> None:
    curve = panel.curve
    QTest.mousePress(curve, _LEFT, pos=place(panel, 2, 0.9))
    QTest.mouseMove(curve, place(panel, 6, 0.5))
    QTest.mouseMove(curve, place(panel, 10, 0.1))
    QTest.mouseRelease(curve, _LEFT, pos=place(panel, 10, 0.1))
    values = quick_desk.motion_curve.values
    assert values[2:11] == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], abs=0.02)
    assert curve.frame == 10
    assert not any(button.isChecked() for button in panel.choice.levels.values())
    assert panel.readout.text() == "Frame 11: 0.10"
    QTest.keyClick(curve, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert quick_desk.draft.state.motion == Motion()
    assert panel.choice.levels[Level.MEDIUM].isChecked()
    QTest.keyClick(curve, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert quick_desk.motion_curve.values == values


def test_a_drag_beyond_the_edges_stays_in_range(panel: MotionPanel, quick_desk: Desk) -> None:
    QTest.mousePress(panel.curve, _LEFT, pos=place(panel, 8, 0.5))
    QTest.mouseMove(panel.curve, QPoint(-50, -80))
    QTest.mouseMove(panel.curve, QPoint(5000, 900))
    QTest.mouseRelease(panel.curve, _LEFT, pos=QPoint(5000, 900))
    values = quick_desk.motion_curve.values
    assert (values[0], values[-1]) == (1.0, 0.0)


def test_keys_select_raise_and_lower(panel: MotionPanel, quick_desk: Desk) -> None:
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Left, keys.Key_PageDown, keys.Key_Down, keys.Key_Down):
        QTest.keyClick(panel.curve, key)
    assert quick_desk.motion_curve.values[1] == pytest.approx(0.8 - 0.12)
    QTest.keyClick(panel.curve, keys.Key_End)
    QTest.keyClick(panel.curve, keys.Key_Right)
    QTest.keyClick(panel.curve, keys.Key_PageUp)
    QTest.keyClick(panel.curve, keys.Key_Up)
    assert quick_desk.motion_curve.values[15] == pytest.approx(0.75 + 0.11)
    QTest.keyClick(panel.curve, keys.Key_Home)
    assert panel.curve.frame == 0


def test_a_screen_reader_hears_frame_and_value_and_may_set_it(panel: MotionPanel, quick_desk: Desk) -> None:
    QTest.keyClick(panel.curve, Qt.Key.Key_Right)
    heard = QAccessible.queryAccessibleInterface(panel.curve)
    assert heard.text(QAccessible.Text.Name) == "Affinity of frame 2 of 16, in percent"
    assert heard.role() == QAccessible.Role.Slider
    assert int(heard.valueInterface().currentValue()) == 80
    heard.valueInterface().setCurrentValue(30)
    assert quick_desk.motion_curve.values[1] == pytest.approx(0.3)


def test_tools_begin_undo_and_reset(panel: MotionPanel, quick_desk: Desk) -> None:
    tools = panel.tools
    assert not tools.undo.isEnabled()
    names = [action.text() for action in tools.presets.menu().actions() if not action.isSeparator()]
    assert names[:3] == ["Straight line", "Ease in and out", "Pulse"]
    assert len(names) == 3 + 9
    tools.presets.menu().actions()[2].trigger()
    assert quick_desk.motion_curve.values[0] == quick_desk.motion_curve.values[-1] == 1
    QTest.mouseClick(tools.reset, _LEFT)
    assert quick_desk.draft.state.motion == Motion()
    assert not tools.reset.isEnabled()
    QTest.mouseClick(tools.undo, _LEFT)
    assert not quick_desk.draft.state.motion.named
    QTest.mouseClick(tools.redo, _LEFT)
    assert quick_desk.draft.state.motion == Motion()
    tools.presets.menu().actions()[-1].trigger()
    assert quick_desk.draft.state.motion == Motion(level=Level.LARGE, style_transfer=True)


def test_the_meter_has_a_word_and_a_bar(panel: MotionPanel, quick_desk: Desk) -> None:
    quick_desk.draft.change(motion=Motion(level=Level.LARGE))
    assert (panel.meter.word.text(), panel.meter.bar.value()) == ("moves much", 100)
    quick_desk.draft.change(motion=Motion(linear=(1, 1)))
    assert (panel.meter.word.text(), panel.meter.bar.value()) == ("stands still", 0)
    assert "0 percent" in panel.meter.bar.accessibleDescription()


def test_a_dropped_clip_gives_its_motion(panel: MotionPanel, quick_desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), (30 * index, 0, 0)) for index in range(6)]
    frames[0].save(tmp_path / "redder.gif", save_all=True, append_images=frames[1:], duration=100)
    drop(panel, files(tmp_path / "redder.gif"))
    assert panel.copied.text() == "Reading redder.gif…"
    qtbot.waitUntil(lambda: panel.copied.text() == "Copied from redder.gif", timeout=20_000)
    assert quick_desk.draft.state.motion.copied_from is not None


def test_a_motion_that_does_not_fit_is_explained(panel: MotionPanel, quick_desk: Desk, tmp_path: Path) -> None:
    quick_desk.draft.change(last_picture=tmp_path / "end.png", motion=Motion(loop=True))
    assert "no loop" in panel.problem.text()
    assert not panel.curve.isEnabled()
    QTest.keyClick(panel.curve, Qt.Key.Key_Up)
    quick_desk.draft.change(last_picture=None)
    assert panel.problem.text() == ""
    assert panel.curve.isEnabled()


def test_timing_is_typed_and_followed(panel: MotionPanel, quick_desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: quick_desk.limits.found is not None, timeout=20_000)
    timing = panel.timing
    timing.frames.selectAll()
    QTest.keyClicks(timing.frames, "24")
    half_typed = quick_desk.draft.state.num_frames
    QTest.keyClick(timing.frames, Qt.Key.Key_Return)
    assert (half_typed, quick_desk.draft.state.num_frames) == (None, 24)
    timing.condition_frame.selectAll()
    QTest.keyClicks(timing.condition_frame, "24")
    QTest.keyClick(timing.condition_frame, Qt.Key.Key_Return)
    assert quick_desk.draft.state.condition_frame == 23
    quick_desk.draft.change(fps=12)
    assert (timing.fps.value(), timing.duration.text()) == (12, "2.0 s")
    QTest.mouseClick(timing.ping_pong, _LEFT, pos=QPoint(8, timing.ping_pong.height() // 2))
    assert quick_desk.draft.state.ping_pong
    assert timing.duration.text() == "3.8 s"
    timing.frames.setValue(16)
    assert (quick_desk.draft.state.num_frames, quick_desk.draft.state.condition_frame) == (None, 15)


def test_a_clip_of_one_frame_and_of_a_thousand_are_painted(panel: MotionPanel, quick_desk: Desk) -> None:
    for count in (1, 2, 1024):
        quick_desk.motion_curve.change_frames(count)
        assert not panel.curve.grab().toImage().isNull()
        QTest.mouseClick(panel.curve, _LEFT, pos=panel.curve.rect().center())
    assert len(quick_desk.motion_curve.values) == 1024
