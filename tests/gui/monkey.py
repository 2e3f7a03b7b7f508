"""A user without a plan: clicks, keys, drops and pastes that a seed decides, on any widget."""

import random
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

_KEYS = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_F2),
)
_WITH_CTRL = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_Return)
_TEXTS = ("a boat", "ü€漢", "-1", "1e99", "0.5", "99999999999999999999", "<b>", "'; --", " ", "\t")
_PATIENCE_MS = 40
"""How long a dialog or menu that waits for its user is left open."""


class Monkey(QObject):
    """Does ``steps`` things to ``root``, the same ones for the same ``seed``.

    Dialogs and menus that open are played with and closed. What it drops and pastes lies in ``folder``.
    """

    def __init__(self, root: QWidget, folder: Path, seed: int) -> None:
        super().__init__()
        self._root = root
        self._chance = random.Random(seed)
        self._offers = _offers(folder)
        self._deeds: tuple[Callable[[QWidget], None], ...] = (
            *(self._click, self._click, self._click, self._press_twice, self._drag),
            *(self._key, self._key, self._shortcut, self._type, self._paste, self._drop, self._wheel),
        )
        self.done: list[str] = []
        """What it did, for the report of a failure."""

    def play(self, steps: int) -> None:
        """Do the next ``steps`` things."""
        closer = QTimer(self)
        closer.setInterval(_PATIENCE_MS)
        closer.timeout.connect(self._end_what_waits)
        closer.start()
        for _ in range(steps):
            if not self._root.isVisible():
                self._root.show()
            self._do(self._root)
            QApplication.processEvents()
        self._end_what_waits()
        closer.stop()
        closer.deleteLater()

    def _do(self, window: QWidget) -> None:
        inside = [widget for widget in window.findChildren(QWidget) if widget.isVisible() and not widget.isWindow()]
        target = self._chance.choice(inside or [window])
        deed = self._chance.choice(self._deeds)
        self.done.append(f"{deed.__name__.strip('_')} on {type(target).__name__} {target.accessibleName()!r}")
        deed(target)

    def _end_what_waits(self) -> None:
        """Play with a dialog once, then close it; whatever opened it goes on then."""
        popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        elif dialog is not None:
            # A dialog about files would let it choose any file of this machine.
            if not isinstance(dialog, QFileDialog) and self._chance.random() < 0.5:
                self._do(dialog)
            if dialog.isVisible():
                dialog.close()

    def _somewhere(self, target: QWidget) -> QPoint:
        return QPoint(self._chance.randrange(max(target.width(), 1)), self._chance.randrange(max(target.height(), 1)))

    def _click(self, target: QWidget) -> None:
        button = self._chance.choice((Qt.MouseButton.LeftButton,) * 4 + (Qt.MouseButton.RightButton,))
        QTest.mouseClick(target, button, pos=self._somewhere(target))

    def _press_twice(self, target: QWidget) -> None:
        QTest.mouseDClick(target, Qt.MouseButton.LeftButton, pos=self._somewhere(target))

    def _drag(self, target: QWidget) -> None:
        QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=self._somewhere(target))
        QTest.mouseMove(target, self._somewhere(target))
        QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=self._somewhere(target))

    def _key(self, target: QWidget) -> None:
        modifier = self._chance.choice((Qt.KeyboardModifier.NoModifier,) * 3 + (Qt.KeyboardModifier.ShiftModifier,))
        QTest.keyClick(target, self._chance.choice(_KEYS), modifier)

    def _shortcut(self, target: QWidget) -> None:
        QTest.keyClick(target, self._chance.choice(_WITH_CTRL), Qt.KeyboardModifier.ControlModifier)

    def _type(self, target: QWidget) -> None:
        # QTest knows ASCII alone.
        for letter in self._chance.choice(_TEXTS):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def _paste(self, target: QWidget) -> None:
        QGuiApplication.clipboard().setMimeData(self._chance.choice(self._offers)())
        QTest.keyClick(target, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def _wheel(self, target: QWidget) -> None:
        place = QPointF(self._somewhere(target))
        event = QWheelEvent(
            place,
            QPointF(target.mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, self._chance.choice((-120, 120))),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # not inverted
        )
        QApplication.sendEvent(target, event)

    def _drop(self, target: QWidget) -> None:
        taker: QWidget | None = target
        while taker is not None and not taker.acceptDrops():
            taker = taker.parentWidget()
        if taker is None:
            return
        drop_on(taker, self._chance.choice(self._offers)(), self._somewhere(taker))


def drop_on(taker: QWidget, offer: QMimeData, place: QPoint) -> bool:
    """Drag ``offer`` into ``taker`` and let it go at ``place``; return whether it was taken."""
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        # Qt 6.12 wants a QPointF here, of which 6.11 knows nothing.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(place, copy, offer, left, none)
        move = QDragMoveEvent(place, copy, offer, left, none)
    QApplication.sendEvent(taker, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(taker, move)
    drop = QDropEvent(QPointF(place), copy, offer, left, none)
    QApplication.sendEvent(taker, drop)
    return drop.isAccepted()


def objects_of(root: QWidget) -> int:
    """Return how many objects live in ``root`` once all that was to be deleted is."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    return len(root.findChildren(QObject))


def _offers(folder: Path) -> tuple[Callable[[], QMimeData], ...]:
    """Makers of all that can be dropped or pasted: pictures, files that are none, texts, garbage."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    picture.save(str(folder / "picture.png"))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    (folder / "text.txt").write_text("no picture", encoding="utf-8")
    (folder / "empty.gif").touch()
    names = ("picture.png", "broken.png", "text.txt", "empty.gif", "missing.jpg", "")
    files = [partial(_of_files, folder / name) for name in names]
    several = partial(_of_files, folder / "picture.png", folder / "text.txt")
    return (*files, several, partial(_of_image, picture), partial(_of_text, "a boat"), _of_garbage)


def _of_files(*paths: Path) -> QMimeData:
    offer = QMimeData()
    offer.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return offer


def _of_image(picture: QImage) -> QMimeData:
    offer = QMimeData()
    offer.setImageData(picture)
    return offer


def _of_text(text: str) -> QMimeData:
    offer = QMimeData()
    offer.setText(text)
    return offer


def _of_garbage() -> QMimeData:
    offer = QMimeData()
    offer.setData("image/png", QByteArray(b"\x89PNG garbage"))
    offer.setData("application/x-nobody", QByteArray(b"\xff\xfe"))
    return offer
