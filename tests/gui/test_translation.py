"""German is whole, agrees with the sources, and is what a German window shows."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from pia_edge.gui import translation
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.widgets.preferences_dialog import PreferencesDialog
from tests.gui.accessibility import faults

ROOT = Path(__file__).parent.parent.parent
TS_FILES = sorted((ROOT / "gui" / "translations").glob("*.ts"))
TOOLS = Path(PySide6.__file__).parent
PLACE = re.compile(r"\{[^}]*\}|%L?\d|%n")


def texts(file: Path) -> Iterator[tuple[str, str]]:
    """Every source text of a .ts file with each of its translations."""
    for message in ElementTree.parse(file).getroot().iter("message"):
        found = message.find("translation")
        assert found is not None
        source = message.findtext("source") or ""
        for number, form in enumerate(found.findall("numerusform") or [found]):
            # Of one thing the number need not be said.
            of_one = message.get("numerus") == "yes" and number == 0
            yield source.replace("%n", "").strip() if of_one else source, form.text or ""


@pytest.fixture
def german(qapp: QApplication) -> Iterator[str]:
    locale = QLocale()
    yield translation.install(qapp, "de")
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(locale)


def test_there_is_a_file_for_each_language() -> None:
    assert {file.stem.removeprefix("pia-edge_") for file in TS_FILES} == set(translation.LANGUAGES)


def test_no_text_is_hidden_from_those_who_translate() -> None:
    """lupdate reads what stands in the call itself, and knows a call by its name."""
    hidden = []
    for path in sorted((ROOT / "gui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                wanted = {"tr": node.args[:1], "translate": node.args[:2]}.get(name, [])
                if not all(isinstance(each, ast.Constant) for each in wanted):
                    hidden.append(f"{path.name}:{node.lineno}")
    assert hidden == []


@pytest.mark.parametrize("file", TS_FILES, ids=lambda file: file.stem)
def test_the_texts_are_those_of_the_sources_and_all_are_translated(file: Path, tmp_path: Path) -> None:
    again = tmp_path / file.name
    shutil.copyfile(file, again)
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "gui").rglob("*.py"))
    options = ["-silent", "-locations", "none", "-no-obsolete", *(["-pluralonly"] if file.stem.endswith("_en") else [])]
    subprocess.run([TOOLS / "lupdate", *options, *sources, "-ts", again], cwd=ROOT, check=True, timeout=60)
    advice = "run scripts/update-translations and translate what is unfinished"
    assert again.read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), advice
    assert 'type="unfinished"' not in again.read_text(encoding="utf-8"), advice


@pytest.mark.parametrize("file", TS_FILES, ids=lambda file: file.stem)
def test_what_is_shipped_is_made_of_what_is_translated(file: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.qm"
    subprocess.run([TOOLS / "lrelease", "-silent", file, "-qm", made], check=True, timeout=60)
    assert made.read_bytes() == file.with_suffix(".qm").read_bytes(), "run scripts/update-translations"


@pytest.mark.parametrize("file", TS_FILES, ids=lambda file: file.stem)
def test_translations_have_what_their_sources_have(file: Path) -> None:
    wrong = []
    for source, translated in texts(file):
        alike = (
            sorted(PLACE.findall(source)) == sorted(PLACE.findall(translated)),
            QKeySequence.mnemonic(source).isEmpty() == QKeySequence.mnemonic(translated).isEmpty(),
            source.endswith("…") == translated.endswith("…"),
            source.endswith(":") == translated.endswith(":"),
            (source[:1].isspace(), source[-1:].isspace()) == (translated[:1].isspace(), translated[-1:].isspace()),
            re.findall(r"<[^>]+>", source) == re.findall(r"<[^>]+>", translated),
        )
        if not all(alike):
            wrong.append((source, translated))
    assert wrong == []


@pytest.mark.parametrize(
    ("preferred", "of_system", "expected"),
    [
        (None, ["de-AT", "en"], "de"),
        (None, ["fr-FR", "de_DE", "en"], "de"),
        (None, ["en-GB", "de"], "en"),
        (None, ["C"], "en"),
        ("de", ["en"], "de"),
        ("en", ["de"], "en"),
        ("tlh", ["de"], "de"),
    ],
)
def test_the_language_that_is_shown(preferred: str | None, of_system: list[str], expected: str) -> None:
    assert translation.chosen(preferred, of_system) == expected


def test_english_has_words_for_one_and_for_many(qapp: QApplication) -> None:
    locale = QLocale()
    assert translation.install(qapp, "en") == "en"
    said = [
        qapp.translate("JobQueue", "%n clip(s) wait, and the queue is paused.", "", count).split()[:2]
        for count in (1, 2)
    ]
    assert said == [["One", "clip"], ["2", "clips"]]
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(locale)


def test_a_german_window_shows_german(german: str, desk: Desk, qtbot: QtBot) -> None:
    assert german == "de"
    dialog = PreferencesDialog(desk)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.windowTitle() == "Einstellungen"
    labels = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"&Sprache:", "&Erscheinungsbild:", "Mitteilungen:"} <= labels
    (buttons,) = dialog.findChildren(QDialogButtonBox)
    close = buttons.button(QDialogButtonBox.StandardButton.Close)
    assert close.text().replace("&", "") == "Schließen", "Qt's own texts too"
    assert dialog.limit.text() == "8,0 GB"
    assert faults(dialog) == [], "letters clash in no language"
