"""Icons: there, drawn sharply, and in the palette's colours."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

import pia_edge.gui
from pia_edge.gui.widgets import icons
from pia_edge.gui.widgets.theme import palette_of


def opaque(image: QImage) -> set[tuple[int, ...]]:
    """The colours of all pixels that nothing shines through."""
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    content = bytes(converted.constBits())
    return {tuple(content[at : at + 3]) for at in range(0, len(content), 4) if content[at + 3] == 255}


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    before = qapp.palette()
    yield qapp
    qapp.setPalette(before)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_icon_is_drawn_in_the_colour_of_the_text(dark: bool, dressed: QApplication) -> None:
    dressed.setPalette(palette_of(dark=dark))
    assert len(icons.names()) >= 30
    for name in icons.names():
        for mode, group, role in (
            (QIcon.Mode.Normal, QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText),
            (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText),
            (QIcon.Mode.Selected, QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText),
        ):
            drawn = opaque(icons.icon(name).pixmap(QSize(48, 48), 1.0, mode).toImage())
            expected = dressed.palette().color(group, role)
            # What shines through is blended, and rounded.
            for colour in drawn:
                assert colour == pytest.approx((expected.red(), expected.green(), expected.blue()), abs=1)
            assert drawn


def test_a_screen_of_more_pixels_gets_more_pixels(dressed: QApplication) -> None:
    assert dressed is not None
    for ratio in (1.0, 1.5, 2.0):
        assert icons.icon("play").pixmap(QSize(16, 16), ratio).width() == round(16 * ratio)


def test_a_button_that_is_shown_follows_the_palette(dressed: QApplication, qtbot: QtBot) -> None:
    button = QPushButton()
    button.setIcon(icons.icon("stop"))
    qtbot.addWidget(button)
    for dark in (False, True):
        dressed.setPalette(palette_of(dark=dark))
        middle = button.grab().toImage().pixelColor(button.width() // 2, button.height() // 2)
        assert middle.name() == palette_of(dark=dark).color(QPalette.ColorRole.ButtonText).name()


def test_a_name_that_is_none_says_which_there_are() -> None:
    with pytest.raises(KeyError, match=r"expected an icon out of add, animate, .*found 'pley'"):
        icons.icon("pley")


def test_the_programs_icon_has_round_corners(qapp: QApplication) -> None:
    assert qapp is not None
    drawn = icons.app_icon().pixmap(QSize(64, 64), 1.0).toImage()
    assert drawn.pixelColor(5, 5).alpha() == 0
    assert drawn.pixelColor(32, 32) == Qt.GlobalColor.white


def test_drawings_are_of_one_kind() -> None:
    for path in (Path(pia_edge.gui.__file__).parent / "icons").glob("*.svg"):
        root = ElementTree.parse(path).getroot()
        tags = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
        assert tags <= {"svg", "path", "rect", "circle", "g", "defs", "linearGradient", "stop"}, path.name
        if path.stem != "pia-edge":
            assert root.get("viewBox") == "0 0 24 24"
            assert root.get("stroke") == "currentColor"
