"""The panels that compose a clip, used without a mouse and without seeing them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.motion_panel import MotionPanel
from pia_edge.gui.widgets.picture_panel import PicturePanel
from pia_edge.gui.widgets.prompt_panel import PromptPanel
from pia_edge.gui.widgets.settings_panel import SettingsPanel
from pia_edge.motion import Level
from tests.gui.accessibility import faults


@pytest.fixture
def filled(quick_desk: Desk, qtbot: QtBot, tmp_path: Path) -> Desk:
    Image.new("RGB", (128, 128)).save(tmp_path / "a.png")
    quick_desk.draft.change(
        picture=tmp_path / "a.png", prompt="a boat", negative_prompt="fog", prompts_at=((8, "night"),), size=(128, 96)
    )
    quick_desk.motion_curve.set_value(3, 0.5)
    qtbot.waitUntil(lambda: not quick_desk.picture.busy, timeout=20_000)
    return quick_desk


@pytest.mark.parametrize("kind", [PicturePanel, PromptPanel, MotionPanel, SettingsPanel])
@pytest.mark.parametrize("state", ["quick_desk", "filled"])
def test_every_control_has_a_name_and_is_reached(
    kind: Callable[[Desk], QWidget], state: str, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    panel = kind(request.getfixturevalue(state))
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    if isinstance(panel, MotionPanel) and state == "filled":
        QTest.mouseClick(panel.choice.levels[Level.SMALL], Qt.MouseButton.LeftButton)
        panel.curve.setFocus()
        QTest.keyClick(panel.curve, Qt.Key.Key_Down)
    if isinstance(panel, SettingsPanel):
        panel.set_last_seed(7)
        panel.fold.unfold()
    assert faults(panel) == []
    visible = [label for label in panel.findChildren(QLabel) if label.isVisible() and label.pixmap().isNull()]
    assert all(label.text() for label in visible)
