"""The page of bundles, driven by mouse, keyboard and drops."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMessageBox, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.archive import pack
from pia_edge.bundle.store import Store
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.models_page import ModelsPage
from pia_edge.modules import MODULES
from tests.bundle.small import small
from tests.gui.accessibility import faults
from tests.gui.dropping import drop, enter, files

SECONDS_20 = 20_000
LEFT = Qt.MouseButton.LeftButton
_Dialog = TypeVar("_Dialog", bound=QWidget)


@pytest.fixture
def page(desk: Desk, qtbot: QtBot, tmp_path: Path) -> ModelsPage:
    """The page over a store of two bundles and a damaged one."""
    store = Store.open()
    for name in ("first", "second"):
        store.add(small(tmp_path / name, name=name, spatial=name.encode()), overwrite=False)
    broken = store.add(small(tmp_path / "third", name="third"), overwrite=False).path / MANIFEST
    broken.unlink()
    broken.write_text("{}")
    page = ModelsPage(desk)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    qtbot.waitUntil(lambda: page.list.count() == 4, timeout=SECONDS_20)
    return page


def rows(page: ModelsPage) -> list[str]:
    return [page.list.item(row).text().splitlines()[0] for row in range(page.list.count())]


def dialog_of(page: ModelsPage, kind: type[_Dialog]) -> _Dialog:
    found = [dialog for dialog in page.findChildren(kind) if dialog.isVisible()]
    assert len(found) == 1
    return found[0]


def text_at(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    assert item is not None
    return item.text()


def used(desk: Desk) -> str | None:
    return desk.draft.state.bundle


def press(box: QMessageBox, text: str) -> None:
    button: QAbstractButton = next(button for button in box.buttons() if button.text().replace("&", "") == text)
    QTest.mouseClick(button, LEFT)


def test_what_it_shows(page: ModelsPage) -> None:
    assert rows(page) == ["sample (in use)", "first", "second", "third"]
    assert page.details.name.text() == "sample"
    assert page.details.parity.rowCount() == len(MODULES) + 1  # and a denoising run
    assert text_at(page.details.parity, 0, 3) == "equal but for rounding"
    assert text_at(page.details.sources, 0, 2) == "Apache-2.0"
    assert [page.use.isEnabled(), page.verify.isEnabled(), page.remove.isEnabled()] == [False, True, False]
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert page.details.name.text() == "first"
    assert [page.use.isEnabled(), page.verify.isEnabled(), page.remove.isEnabled()] == [True, True, True]
    assert not page.details.parity.isVisibleTo(page)
    assert page.details.parity_text.text().startswith("This is a reference bundle")
    QTest.keyClick(page.list, Qt.Key.Key_End)
    assert "expected a manifest, found damage" in page.details.description.text()
    assert [page.use.isEnabled(), page.verify.isEnabled(), page.remove.isEnabled()] == [False, False, True]


def test_using_a_bundle(page: ModelsPage, desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.used):
        QTest.mouseClick(page.use, LEFT)
    assert used(desk) == "first"
    assert rows(page) == ["sample", "first (in use)", "second", "third"]
    assert page.list.name() == "first"
    QTest.keyClick(page.list, Qt.Key.Key_Home)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert used(desk) is None
    QTest.keyClick(page.list, Qt.Key.Key_End)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert used(desk) is None, "a damaged one cannot be used"


def test_verifying(page: ModelsPage, desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.mouseClick(page.verify, LEFT)
    assert not page.verify.isEnabled()
    assert page.errand.title.text() == "Verifying first"
    assert page.errand.isVisible()
    qtbot.waitUntil(lambda: desk.errands.current is None, timeout=SECONDS_20)
    assert page.details.verdict.text() == "Verified: all 5 files are as they should be."
    assert not page.errand.isVisible()
    weights = Store.open().path("second") / "spatial.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    assert not page.details.verdict.isVisible()
    QTest.mouseClick(page.verify, LEFT)
    qtbot.waitUntil(lambda: desk.errands.current is None, timeout=SECONDS_20)
    assert "spatial.safetensors: its content has changed" in page.details.verdict.text()


def test_removing_asks_first_and_says_what_it_frees(page: ModelsPage, desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    QTest.mouseClick(page.remove, LEFT)
    box = dialog_of(page, QMessageBox)
    assert box.text() == "Remove first?"
    assert box.informativeText().startswith("This frees ")
    assert "shared with other bundles and stay" in box.informativeText()
    press(box, "Cancel")
    assert Store.open().names() == ["first", "second", "third"]
    desk.draft.change(bundle="first")
    QTest.mouseClick(page.remove, LEFT)
    press(dialog_of(page, QMessageBox), "Remove")
    qtbot.waitUntil(lambda: page.list.count() == 3, timeout=SECONDS_20)
    assert Store.open().names() == ["second", "third"]
    assert page.note.text.text().startswith("first was removed; ")
    assert rows(page)[0] == "sample (in use)"


def test_a_file_is_added_by_the_dialog(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    archive = tmp_path / "mine.pia.zip"
    pack(Bundle.open(small(tmp_path / "mine", name="mine", spatial=b"mine")), archive, overwrite=False)
    page.add_file.trigger()
    dialog = dialog_of(page, QFileDialog)
    dialog.selectFile(str(archive))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.list.count() == 5, timeout=SECONDS_20)
    qtbot.waitUntil(lambda: page.list.name() == "mine")
    assert page.note.text.text() == "mine was checked and is among your bundles."
    QTest.mouseClick(page.note.dismiss, LEFT)
    assert not page.note.isVisible()


def test_bundles_are_dropped(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    sources = [small(tmp_path / name, name=name, spatial=name.encode()) for name in ("fourth", "fifth")]
    drop(page, files(*sources))
    qtbot.waitUntil(lambda: page.list.count() == 6, timeout=SECONDS_20)
    assert Store.open().names() == ["fifth", "first", "fourth", "second", "third"]
    assert not enter(page, files()), "there is nothing to take"


def test_what_is_no_bundle_gets_a_sentence_that_can_be_copied(page: ModelsPage, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    drop(page, files(tmp_path / "photo.png"))
    qtbot.waitUntil(page.note.isVisible, timeout=SECONDS_20)
    assert "photo.png: expected a bundle packed by pia-edge (.pia.zip)" in page.note.text.text()
    QTest.mouseClick(page.note.copy, LEFT)
    assert QApplication.clipboard().text() == page.note.text.text()
    assert page.list.count() == 4


@pytest.mark.parametrize(
    ("answer", "there"),
    [
        ("Keep both", ["first", "first-2", "second", "third"]),
        ("Replace", ["first", "second", "third"]),
        ("Cancel", ["first", "second", "third"]),
    ],
)
def test_a_name_that_is_taken(
    answer: str, there: list[str], page: ModelsPage, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    before = Bundle.open(Store.open().path("first")).sha256
    drop(page, files(small(tmp_path / "other", name="first", spatial=b"other")))
    qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)), timeout=SECONDS_20)
    box = dialog_of(page, QMessageBox)
    assert box.text() == "You have another bundle called first."
    press(box, answer)
    qtbot.waitUntil(lambda: desk.errands.current is None and Store.open().names() == there, timeout=SECONDS_20)
    assert (Bundle.open(Store.open().path("first")).sha256 == before) == (answer != "Replace")


def test_every_control_has_a_name_and_is_reached_by_tab(page: ModelsPage) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    page.note.tell("Something was done.")
    assert faults(page) == []
