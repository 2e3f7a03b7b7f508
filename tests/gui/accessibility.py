"""Whether a widget can be used without a mouse and without seeing it; any page's test may ask."""

from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)

_CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
_COMPOSED = (QAbstractSpinBox, QComboBox, QTabBar, QScrollBar, QLineEdit)
"""Widgets that Qt builds of others, which are reached through them."""


def faults(root: QWidget) -> list[str]:
    """Return what is wrong with the page that ``root`` shows, a sentence each; ``root`` must be visible.

    Controls without a name that a screen reader can say, controls that Tab does not reach, and letters that several
    controls of the page answer to.
    """
    return [*_nameless(root), *_unreachable(root), *_clashes(root)]


def faults_of_all_pages(root: QWidget) -> list[str]:
    """Return :func:`faults` of every page of every tab widget in ``root``."""
    found: dict[str, None] = dict.fromkeys(faults(root))
    for tabs in [root] if isinstance(root, QTabWidget) else root.findChildren(QTabWidget):
        shown = tabs.currentIndex()
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            QApplication.processEvents()
            found.update(dict.fromkeys(faults(root)))
        tabs.setCurrentIndex(shown)
    return list(found)


def _nameless(root: QWidget) -> Iterator[str]:
    for widget in _controls(root):
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip():
            yield f"{_described(widget)} has no accessible name"


def _unreachable(root: QWidget) -> Iterator[str]:
    controls = [widget for widget in _controls(root) if widget.isEnabled()]
    reached = _reached_by_tab(root, 2 * len(controls) + 4)
    groups = {_group(widget) for widget in reached if isinstance(widget, QAbstractButton)}
    for widget in controls:
        exclusive = isinstance(widget, QAbstractButton) and _group(widget) is not None and _group(widget) in groups
        if widget not in reached and not exclusive:
            yield f"{_described(widget)} cannot be reached by Tab"


def _reached_by_tab(root: QWidget, presses: int) -> set[QWidget]:
    reached: set[QWidget] = set()
    root.activateWindow()
    root.setFocus()
    for _ in range(presses):
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus)
        QTest.keyClick(focus or root, Qt.Key.Key_Tab)
    return reached


def _group(button: QAbstractButton) -> object:
    """What a button of several that exclude each other belongs to: arrows move within it."""
    if button.group() is not None and button.group().exclusive():
        return button.group()
    return button.parentWidget() if button.autoExclusive() else None


def _clashes(root: QWidget) -> Iterator[str]:
    for where, texts in [("the page", list(_texts(root))), *_menus(root)]:
        users: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            letter = QKeySequence.mnemonic(text).toString()
            if letter:
                users[letter].append(text)
        for letter, several in users.items():
            if len(several) > 1:
                yield f"{letter} in {where} belongs to {' and '.join(repr(text) for text in several)}"


def _texts(root: QWidget) -> Iterator[str]:
    for widget in _visible(root):
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            yield widget.text()
        elif isinstance(widget, QGroupBox):
            yield widget.title()
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(index) for index in range(widget.count()))
        elif isinstance(widget, QMenuBar):
            yield from (action.text() for action in widget.actions() if action.isVisible())


def _menus(root: QWidget) -> list[tuple[str, list[str]]]:
    menus = root.findChildren(QMenu)
    return [(f"menu {menu.title()!r}", [action.text() for action in menu.actions()]) for menu in menus]


def _controls(root: QWidget) -> list[QWidget]:
    """Everything visible that takes the focus, or should."""
    return [
        widget
        for widget in _visible(root)
        if (isinstance(widget, _CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not isinstance(widget, QScrollBar)
        and widget.focusProxy() is None
        and not _is_part(widget, root)
    ]


def _is_part(widget: QWidget, root: QWidget) -> bool:
    """Whether Qt made it as a part of something that is itself the control."""
    if widget.objectName().startswith("qt_"):
        return True
    parent = widget.parentWidget()
    while parent is not None and widget is not root:
        if isinstance(parent, _COMPOSED):
            return True
        if parent is root:
            return False
        parent = parent.parentWidget()
    return False


def _visible(root: QWidget) -> list[QWidget]:
    return [widget for widget in [root, *root.findChildren(QWidget)] if widget.isVisibleTo(root)]


def _described(widget: QWidget) -> str:
    said = widget.accessibleName() or widget.objectName() or getattr(widget, "text", lambda: "")()
    where = type(widget.parentWidget()).__name__
    return f"{type(widget).__name__} {said!r} in {where}"
