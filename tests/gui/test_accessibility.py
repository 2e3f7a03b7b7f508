"""The check itself finds what is wrong, and nothing where all is well; our own pages pass it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.first_run import FirstRun
from pia_edge.gui.widgets.log_view import LogView
from pia_edge.gui.widgets.preferences_dialog import PreferencesDialog
from tests.gui.accessibility import faults, faults_of_all_pages


def good_page() -> QWidget:
    """A page on which all is well."""
    widget = QWidget()
    form = QFormLayout(widget)
    form.addRow("&Seed", QLineEdit())
    form.addRow("&Count", QSpinBox())
    form.addRow("&Kind", QComboBox())
    group = QButtonGroup(widget)
    for text in ("S&mall", "&Large"):
        button = QRadioButton(text)
        group.addButton(button)
        form.addRow(button)
    form.addRow(QPushButton("&Go"))
    return widget


def shown(widget: QWidget, qtbot: QtBot) -> QWidget:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_a_page_on_which_all_is_well(qtbot: QtBot) -> None:
    assert faults(shown(good_page(), qtbot)) == []


def nameless() -> QWidget:
    return QSlider(Qt.Orientation.Horizontal)


def unreachable() -> QWidget:
    button = QToolButton()
    button.setText("x")
    button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return button


def clashing() -> QWidget:
    return QCheckBox("&Go on")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (nameless, ["QSlider '' in QWidget has no accessible name"]),
        (unreachable, ["QToolButton 'x' in QWidget cannot be reached by Tab"]),
        (clashing, ["Alt+G in the page belongs to '&Go' and '&Go on'"]),
    ],
)
def test_faults_are_found(make: Callable[[], QWidget], expected: list[str], qtbot: QtBot) -> None:
    page = good_page()
    layout = page.layout()
    assert layout is not None
    layout.addWidget(make())
    assert faults(shown(page, qtbot)) == expected


def test_a_text_that_keeps_tab_for_itself_is_found(qtbot: QtBot) -> None:
    widget = QWidget()
    layout = QVBoxLayout(widget)
    text = QPlainTextEdit()
    text.setAccessibleName("Prompt")
    layout.addWidget(text)
    layout.addWidget(QPushButton("Go"))
    assert faults(shown(widget, qtbot)) == ["QPushButton 'Go' in QWidget cannot be reached by Tab"]


def test_hidden_pages_are_looked_at_as_well(qtbot: QtBot) -> None:
    page, tabs = good_page(), QTabWidget()
    tabs.setAccessibleName("Pages")
    tabs.addTab(page, "One")
    tabs.addTab(nameless(), "Two")
    shown(tabs, qtbot)
    assert faults(tabs) == []
    assert faults_of_all_pages(tabs) == ["QSlider '' in QStackedWidget has no accessible name"]
    assert tabs.currentWidget() is page


@pytest.mark.parametrize("kind", [PreferencesDialog, LogView, FirstRun])
def test_our_pages(kind: Callable[[Desk], QWidget], desk: Desk, qtbot: QtBot) -> None:
    widget = shown(kind(desk), qtbot)
    assert faults(widget) == []
    for label in widget.findChildren(QLabel):
        assert label.text() or label.accessibleName()
