"""Things dragged from elsewhere onto a widget, by the events that Qt sends for them."""

import warnings
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

_PLACE = QPointF(20, 20)
_COPY, _LEFT, _NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def enter(widget: QWidget, mime: QMimeData) -> bool:
    """Hold ``mime`` over ``widget``; return whether it would be taken."""
    with warnings.catch_warnings():
        # PySide6 6.11 knows the form with whole pixels alone, which 6.12 says is deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        event = QDragEnterEvent(_PLACE.toPoint(), _COPY, mime, _LEFT, _NONE)
    event.ignore()
    QCoreApplication.sendEvent(widget, event)
    return event.isAccepted()


def leave(widget: QWidget) -> None:
    QCoreApplication.sendEvent(widget, QDragLeaveEvent())


def drop(widget: QWidget, mime: QMimeData) -> None:
    # A drop reaches only what was entered before.
    enter(widget, mime)
    QCoreApplication.sendEvent(widget, QDropEvent(_PLACE, _COPY, mime, _LEFT, _NONE))
