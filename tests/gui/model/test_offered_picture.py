"""What of a clipboard or a drop is taken."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from pia_edge.errors import PictureError
from pia_edge.gui.model.offered_picture import may_be_picture, offered_picture


def image() -> QImage:
    made = QImage(3, 2, QImage.Format.Format_RGB32)
    made.fill(0xFF336699)
    return made


def test_a_file_comes_before_its_pixels(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp is not None
    path = tmp_path / "ä b.png"
    path.touch()
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png"), QUrl.fromLocalFile(str(path))])
    mime.setImageData(image())
    assert offered_picture(mime) == path


def test_pixels_come_before_a_file_that_is_not_there(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp is not None
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "gone.png"))])
    mime.setImageData(image())
    found = offered_picture(mime)
    assert isinstance(found, QImage)
    assert (found.width(), found.height()) == (3, 2)


def test_the_bytes_of_a_png_are_taken_as_they_are() -> None:
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG and so on")
    assert offered_picture(mime) == b"\x89PNG and so on"


@pytest.mark.parametrize("form", ["{}", "'{}'", " {}\n", "file://{}"])
def test_a_path_may_be_pasted_as_text(tmp_path: Path, form: str) -> None:
    mime = QMimeData()
    mime.setText(form.format(tmp_path / "a.png"))
    assert may_be_picture(mime)
    assert offered_picture(mime) == tmp_path / "a.png"


@pytest.mark.parametrize("text", ["", "a boat on the sea", "one\ntwo", "/a\0b", "/" + "x" * 5000])
def test_other_text_is_no_picture(text: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    assert not may_be_picture(mime)
    with pytest.raises(PictureError, match="found none"):
        offered_picture(mime)


def test_an_address_on_the_web_is_not_fetched() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    with pytest.raises(PictureError, match="Save the picture"):
        offered_picture(mime)
