"""The wizard, by mouse and keyboard: what is missing, every page, and once through everything for real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWizard
from pytestqt.qtbot import QtBot

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.bundle.store import Store
from pia_edge.errors import PickleError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.model_import import Phase
from pia_edge.gui.model.questions import Questions
from pia_edge.gui.widgets.model_wizard import ModelWizard
from pia_edge.worker.model_questions import AddedWord, BundleAdded, ExtraFound, ImportPlanned, Ingredient, ModelChoice
from tests.bundle.small import small
from tests.gui.accessibility import faults
from tests.gui.dropping import drop
from tests.gui.dropping import files as dragged
from tests.gui.slow_worker import SlowWorker
from tests.standins.diffusers_base import write_folder
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS

LEFT = Qt.MouseButton.LeftButton
WHOLE = ExtraFound((), "pip install 'pia-edge[export]'", ("openvino", "onnx", "coreml"))
PLAN = ImportPlanned(("base: sd.safetensors", "writes: 2000 MB in fp16"), "toonyou", 2_000_000_000)


@dataclass
class Told:
    """A wizard whose workers answer as they are told."""

    wizard: ModelWizard
    short: SlowWorker
    long: SlowWorker

    def press(self, which: QWizard.WizardButton) -> None:
        """Press one of the wizard's buttons."""
        assert self.wizard.button(which).isEnabled()
        QTest.mouseClick(self.wizard.button(which), LEFT)


def models(told: Told) -> ModelChoice:
    """What the user has chosen so far."""
    return told.wizard.work.wish.models


NEXT, BACK = QWizard.WizardButton.NextButton, QWizard.WizardButton.BackButton
CANCEL, FINISH = QWizard.WizardButton.CancelButton, QWizard.WizardButton.FinishButton


@pytest.fixture
def told(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    short, long = SlowWorker(), SlowWorker()
    questions, errands = Questions(worker=short), Errands(questions=Questions(worker=long))
    monkeypatch.setattr(desk, "questions", questions)
    monkeypatch.setattr(desk, "errands", errands)
    wizard = ModelWizard(desk)
    qtbot.addWidget(wizard)
    wizard.show()
    yield Told(wizard, short, long)
    wizard.close()
    errands.close()
    questions.close()
    monkeypatch.undo()


def test_a_missing_extra_says_what_installs_it(told: Told, qtbot: QtBot) -> None:
    start = told.wizard.start
    assert start.waiting.isVisible()
    assert not told.wizard.button(NEXT).isEnabled()
    told.short.answer(ExtraFound(("torch", "onnx"), WHOLE.install, ()))
    qtbot.waitUntil(start.command.isVisible)
    assert "torch, onnx" in start.missing.text()
    assert start.title() == "Something must be installed first"
    assert faults(told.wizard) == []
    QTest.mouseClick(start.copy, LEFT)
    assert QApplication.clipboard().text() == "pip install 'pia-edge[export]'"
    assert not told.wizard.button(NEXT).isEnabled()
    told.press(CANCEL)
    assert not told.wizard.isVisible()


@pytest.fixture
def files(told: Told, qtbot: QtBot) -> Told:
    """The wizard at its page of files."""
    told.short.answer(WHOLE)
    qtbot.waitUntil(told.wizard.button(NEXT).isEnabled)
    told.press(NEXT)
    assert told.wizard.currentPage() is told.wizard.files
    return told


def test_files_are_typed_dropped_and_chosen(files: Told, tmp_path: Path) -> None:
    page = files.wizard.files
    assert not files.wizard.button(NEXT).isEnabled()
    QTest.keyClicks(page.base.line, "/models/toonyou.safetensors")
    drop(page.pia, dragged(tmp_path / "pia.ckpt"))
    assert (models(files).base, models(files).pia) == (Path("/models/toonyou.safetensors"), tmp_path / "pia.ckpt")
    assert files.wizard.button(NEXT).isEnabled()
    page.base.line.clear()
    assert not files.wizard.button(NEXT).isEnabled()
    lora = tmp_path / "ink.safetensors"
    lora.write_bytes(b"x")
    QTest.mouseClick(page.loras.add, LEFT)
    (dialog,) = page.loras.findChildren(QFileDialog)
    dialog.selectFile(str(lora))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert models(files).loras == (Ingredient(lora, 1.0),)
    page.loras.add_file(Path("second.safetensors"))
    spin = page.loras.rows[0].beside
    spin.setFocus()
    QTest.keyClick(spin, Qt.Key.Key_Down)
    QTest.keyClick(spin, Qt.Key.Key_Down)
    assert models(files).loras == (Ingredient(lora, 0.8), Ingredient(Path("second.safetensors"), 1.0))
    QTest.mouseClick(page.loras.rows[0].remove, LEFT)
    assert models(files).loras == (Ingredient(Path("second.safetensors"), 1.0),)
    page.embeddings.add_file(Path("easy.pt"))
    assert faults(files.wizard) == []
    assert models(files).embeddings == (AddedWord(Path("easy.pt"), None),)
    QTest.keyClicks(page.embeddings.rows[0].beside, "easy")
    assert models(files).embeddings == (AddedWord(Path("easy.pt"), "easy"),)


@pytest.fixture
def looked(files: Told) -> Told:
    """The wizard where the files were looked at."""
    page = files.wizard.files
    page.base.line.setText("toonyou.safetensors")
    page.pia.line.setText("pia.ckpt")
    files.press(NEXT)
    return files


def test_pickles_need_consent_for_these_files_alone(looked: Told, qtbot: QtBot) -> None:
    page = looked.wizard.look
    assert page.busy.isVisible()
    looked.long.answer(PickleError("found a pickle"))
    qtbot.waitUntil(page.consent.isVisible)
    assert "a format that can hide programs" in page.words.text()
    assert not looked.wizard.button(NEXT).isEnabled()
    looked.long.answer(PLAN)
    QTest.mouseClick(page.consent, LEFT, pos=page.consent.rect().center() / 8)
    qtbot.waitUntil(looked.wizard.button(NEXT).isEnabled)
    assert models(looked).allow_pickle
    assert page.lines.toPlainText() == "\n".join(PLAN.lines)
    assert faults(looked.wizard) == []
    assert "1.9 GB" in page.words.text()
    looked.press(BACK)
    assert not models(looked).allow_pickle
    looked.long.answer(PickleError("found a pickle"))
    looked.press(NEXT)
    qtbot.waitUntil(lambda: looked.wizard.work.needs_consent)
    assert not page.consent.isChecked()


@pytest.fixture
def target(looked: Told, qtbot: QtBot) -> Told:
    """The wizard at its page of formats."""
    looked.long.answer(PLAN)
    qtbot.waitUntil(looked.wizard.button(NEXT).isEnabled)
    looked.press(NEXT)
    assert looked.wizard.currentPage() is looked.wizard.target
    return looked


def test_targets_and_precisions(target: Told) -> None:
    page, work = target.wizard.target, target.wizard.work
    assert [page.target.itemText(row) for row in range(4)] == ["OpenVINO", "ONNX", "Core ML", "Reference bundle only"]
    assert page.makes.text() == "Makes: toonyou, toonyou-openvino-fp16"
    assert faults(target.wizard) == []
    assert page.precision_line.text().startswith("As good as equal")
    QTest.keyClick(page.precision, Qt.Key.Key_Down)
    assert (work.wish.precision, page.precision_line.text()) == ("int8", "A quarter of the size; looks the same.")
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    QTest.keyClick(page.target, Qt.Key.Key_Down)
    assert work.wish.target == "coreml"
    assert [page.precision.itemText(row) for row in range(page.precision.count())][-1] == "palette4"
    QTest.keyClick(page.precision, Qt.Key.Key_End)
    QTest.keyClick(page.target, Qt.Key.Key_Home)
    assert (work.wish.target, work.wish.precision) == ("openvino", "fp16"), "palettes are for Core ML alone"
    QTest.keyClick(page.target, Qt.Key.Key_End)
    assert page.makes.text() == "Makes: toonyou"
    assert not page.precision.isEnabled()
    page.name.selectAll()
    QTest.keyClicks(page.name, "my anime")
    assert not target.wizard.button(NEXT).isEnabled()


def test_going_back_stops_the_work(target: Told, qtbot: QtBot) -> None:
    target.press(NEXT)
    run = target.wizard.run
    qtbot.waitUntil(lambda: len(target.long.asked) == 2)
    assert faults(target.wizard) == []
    assert run.errand.title.text() == "Importing toonyou"
    assert not target.wizard.button(FINISH).isEnabled()
    target.press(BACK)
    assert target.wizard.work.phase is Phase.CHOOSING
    target.press(NEXT)
    qtbot.waitUntil(lambda: len(target.long.asked) == 3)
    target.long.answer(BundleAdded("toonyou"))
    target.long.answer(BundleAdded("toonyou-openvino-fp16"))
    qtbot.waitUntil(target.wizard.button(FINISH).isEnabled)
    assert run.words.text() == "toonyou-openvino-fp16 is among your bundles, and in use."
    target.press(FINISH)


def test_closing_stops_the_work(target: Told, qtbot: QtBot, desk: Desk) -> None:
    target.press(NEXT)
    qtbot.waitUntil(lambda: len(target.long.asked) == 2)
    QTest.keyClick(target.wizard, Qt.Key.Key_Escape)
    assert not target.wizard.isVisible()
    assert desk.errands.current is None


def test_a_reference_bundle_is_exported_without_files(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    Store.open().add(small(tmp_path / "mine", name="mine"), overwrite=False)
    with qtbot.waitSignal(desk.bundles.changed, timeout=20_000):
        desk.bundles.refresh()
    wizard = ModelWizard(desk)
    qtbot.addWidget(wizard)
    wizard.show()
    qtbot.waitUntil(wizard.button(NEXT).isEnabled, timeout=20_000)
    QTest.mouseClick(wizard.start.reference, LEFT, pos=wizard.start.reference.rect().center() / 8)
    QTest.mouseClick(wizard.button(NEXT), LEFT)
    assert wizard.currentPage() is wizard.target
    assert wizard.target.target.count() == 3, "it is a reference bundle already"
    assert wizard.target.makes.text() == "Makes: mine-openvino-fp16"
    QTest.mouseClick(wizard.button(BACK), LEFT)
    wizard.close()


def test_models_become_a_bundle_in_use(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    """With real files and a real worker: a pickle is looked at, agreed to, and imported."""
    write_folder(tmp_path / "sd15", PAPERS)
    write_pia(tmp_path / "pia.ckpt", PAPERS)
    wizard = ModelWizard(desk)
    qtbot.addWidget(wizard)
    wizard.show()
    work, following = wizard.work, wizard.button(NEXT)
    qtbot.waitUntil(following.isEnabled, timeout=20_000)
    QTest.mouseClick(following, LEFT)
    wizard.files.base.line.setText(str(tmp_path / "sd15"))
    wizard.files.pia.line.setText(str(tmp_path / "pia.ckpt"))
    QTest.mouseClick(following, LEFT)
    qtbot.waitUntil(lambda: work.needs_consent, timeout=120_000)
    QTest.mouseClick(wizard.look.consent, LEFT, pos=wizard.look.consent.rect().center() / 8)
    qtbot.waitUntil(lambda: work.plan is not None, timeout=120_000)
    assert "pia.ckpt, pickle" in wizard.look.lines.toPlainText()
    QTest.mouseClick(following, LEFT)
    QTest.keyClick(wizard.target.target, Qt.Key.Key_End)
    QTest.mouseClick(following, LEFT)
    qtbot.waitUntil(lambda: work.phase in (Phase.DONE, Phase.FAILED), timeout=120_000)
    assert (work.problem, work.made, desk.draft.state.bundle) == ("", "sd15", "sd15")
    assert Bundle.open(Store.open().path("sd15")).manifest.conv_in == "base"
    QTest.mouseClick(wizard.button(FINISH), LEFT)


def test_a_reference_bundle_is_exported_and_proven(desk: Desk, qtbot: QtBot, tiny: Bundle) -> None:
    """With a real worker and a real export."""
    Store.open().add(tiny.path, "mine", overwrite=False)
    with qtbot.waitSignal(desk.bundles.changed, timeout=20_000):
        desk.bundles.refresh()
    wizard = ModelWizard(desk)
    qtbot.addWidget(wizard)
    wizard.show()
    work, following = wizard.work, wizard.button(NEXT)
    qtbot.waitUntil(following.isEnabled, timeout=20_000)
    QTest.mouseClick(wizard.start.reference, LEFT, pos=wizard.start.reference.rect().center() / 8)
    QTest.mouseClick(following, LEFT)
    QTest.mouseClick(following, LEFT)
    qtbot.waitUntil(lambda: work.phase in (Phase.DONE, Phase.FAILED), timeout=400_000)
    assert (work.problem, work.made) == ("", "mine-openvino-fp16")
    made = Bundle.open(Store.open().path("mine-openvino-fp16"))
    assert made.manifest.format is Format.OPENVINO
    assert made.manifest.run_parity is not None
    assert desk.draft.state.bundle == "mine-openvino-fp16"
    QTest.mouseClick(wizard.button(FINISH), LEFT)
