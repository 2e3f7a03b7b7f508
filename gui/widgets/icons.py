"""Icons of our own, painted from SVG in the colours that the palette has at that moment."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent.parent / "icons"


def names() -> list[str]:
    """Return the names of all icons."""
    return sorted(path.stem for path in _FOLDER.glob("*.svg") if path.stem != "pia-edge")


@cache
def icon(name: str) -> QIcon:
    """Return the icon called ``name``; it follows the palette, also when that changes while it is shown.

    Raises:
        KeyError: there is none of that name.
    """
    return QIcon(_Drawing(name))


def app_icon() -> QIcon:
    """Return the program's own icon, whose colours are its own."""
    return QIcon(str(_FOLDER / "pia-edge.svg"))


@cache
def _source(name: str) -> bytes:
    path = _FOLDER / f"{name}.svg"
    if not path.is_file():
        raise KeyError(f"expected an icon out of {', '.join(names())}; found {name!a}")
    return path.read_bytes()


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace(b"currentColor", colour.encode())))


class _Drawing(QIconEngine):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        _source(name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        _renderer(self._name, _colour(mode)).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Drawing(self._name)

    def isNull(self) -> bool:  # noqa: N802 - Qt's name
        return False


def _colour(mode: QIcon.Mode) -> str:
    group = QPalette.ColorGroup.Disabled if mode is QIcon.Mode.Disabled else QPalette.ColorGroup.Active
    role = QPalette.ColorRole.HighlightedText if mode is QIcon.Mode.Selected else QPalette.ColorRole.ButtonText
    return QGuiApplication.palette().color(group, role).name()
