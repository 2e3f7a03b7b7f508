"""What the wizard asks of workers, in which order, and what becomes of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from pia_edge.bundle.listing import Listed
from pia_edge.errors import ModelError, OutputError, ParityError, PickleError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.errands import Errands
from pia_edge.gui.model.model_import import ModelImport, Phase
from pia_edge.gui.model.questions import Questions
from pia_edge.worker.model_questions import (
    BundleAdded,
    BundlesListed,
    ExportBundle,
    ExtraFound,
    ImportModels,
    ImportPlanned,
    ModelChoice,
    PlanImport,
)
from tests.gui.slow_worker import SlowWorker

PLAN = ImportPlanned(("base: sd.safetensors, safetensors",), "toonyou", 2_000_000_000)
FILES = ModelChoice(base=Path("toonyou.safetensors"), pia=Path("pia.ckpt"))


class Made:
    """A way through the wizard, over workers that answer as they are told."""

    def __init__(self, desk: Desk) -> None:
        self.worker, self.short = SlowWorker(), SlowWorker()
        self.errands = Errands(questions=Questions(worker=self.worker))
        self.questions = Questions(worker=self.short)
        self.work = ModelImport(self.questions, self.errands, desk.bundles)

    def close(self) -> None:
        self.errands.close()
        self.questions.close()


@pytest.fixture
def made(desk: Desk) -> Iterator[Made]:
    one = Made(desk)
    one.work.change(models=FILES)
    one.work.change(name="toonyou", target="openvino", precision="int8")
    yield one
    one.close()


def asked(made: Made, kind: type[Any]) -> list[Any]:
    return [question for question in made.worker.asked if isinstance(question, kind)]


def test_what_can_be_written_here(made: Made, qtbot: QtBot) -> None:
    made.work.change(target=None)
    made.short.answer(ExtraFound((), "pip install x", ("onnx",)))
    made.work.find_extra()
    qtbot.waitUntil(lambda: made.work.extra is not None)
    assert made.work.wish.target == "onnx"


def test_looking_at_files(made: Made, qtbot: QtBot) -> None:
    work = made.work
    made.worker.answer(PickleError("pia.ckpt: found a pickle, …"))
    work.look()
    assert work.looking
    qtbot.waitUntil(lambda: not work.looking)
    assert (work.needs_consent, work.problem, work.plan) == (True, "", None)
    work.change_models(allow_pickle=True)
    assert not work.needs_consent
    made.worker.answer(PLAN)
    work.look()
    qtbot.waitUntil(lambda: work.plan is PLAN)
    assert work.wish.name == "toonyou"
    assert asked(made, PlanImport)[-1].choice == msgspec.structs.replace(FILES, allow_pickle=True)
    work.change_models(vae=Path("vae.pt"))
    assert work.plan is None, "of other files nothing is known"
    made.worker.answer(ModelError("vae.pt: expected a VAE, found a LoRA. Give it with --lora or --motion-lora."))
    work.look()
    qtbot.waitUntil(lambda: bool(work.problem))
    assert work.problem.endswith("found a LoRA. Give it with “LoRAs” or “LoRAs”.")
    work.look()
    work.stop()
    assert (work.looking, work.problem) == (False, "")


def test_import_and_export_follow_each_other_and_the_result_is_used(made: Made, desk: Desk, qtbot: QtBot) -> None:
    work = made.work
    assert work.names() == ("toonyou", "toonyou-openvino-int8")
    work.start()
    made.worker.answer(BundleAdded("toonyou"))
    made.worker.answer(BundleAdded("toonyou-openvino-int8"))
    qtbot.waitUntil(lambda: work.phase is Phase.DONE)
    imported, exported = made.worker.asked
    assert imported == ImportModels(msgspec.structs.replace(FILES, name="toonyou"), overwrite=False)
    assert exported == ExportBundle("toonyou", "openvino", "int8", "toonyou-openvino-int8", overwrite=False)
    assert (work.made, desk.draft.state.bundle) == ("toonyou-openvino-int8", "toonyou-openvino-int8")


def test_a_reference_bundle_alone(made: Made, desk: Desk, qtbot: QtBot) -> None:
    made.work.change(target=None)
    assert made.work.names() == ("toonyou",)
    made.work.start()
    made.worker.answer(BundleAdded("toonyou"))
    qtbot.waitUntil(lambda: made.work.phase is Phase.DONE)
    assert len(made.worker.asked) == 1
    assert desk.draft.state.bundle == "toonyou"


def test_an_export_of_what_is_there(made: Made, qtbot: QtBot) -> None:
    made.work.change(reference="mine", name="mine")
    assert made.work.names() == ("mine-openvino-int8",)
    made.work.start()
    made.worker.answer(BundleAdded("mine-openvino-int8"))
    qtbot.waitUntil(lambda: made.work.phase is Phase.DONE)
    assert made.worker.asked == [ExportBundle("mine", "openvino", "int8", "mine-openvino-int8", overwrite=False)]


def test_what_was_imported_is_not_imported_again(made: Made, desk: Desk, qtbot: QtBot) -> None:
    work = made.work
    work.start()
    made.worker.answer(BundleAdded("toonyou"))
    made.worker.answer(ParityError("unet, int8: 31.2 dB against the reference, 40.0 dB required."))
    qtbot.waitUntil(lambda: work.phase is Phase.FAILED)
    assert "31.2 dB" in work.problem
    assert desk.draft.state.bundle is None
    desk.bundles.take(BundlesListed((Listed(name="sample"), Listed(name="toonyou"))))
    work.change(precision="fp16")
    assert work.taken() == (), "it is of this wizard's own making"
    work.start()
    qtbot.waitUntil(lambda: len(made.worker.asked) == 3)
    assert made.worker.asked[-1] == ExportBundle(
        "toonyou", "openvino", "fp16", "toonyou-openvino-fp16", overwrite=False
    )
    work.stop()
    assert (work.phase, made.errands.current) == (Phase.CHOOSING, None)
    work.change_models(vae=Path("vae.safetensors"))
    work.start()
    qtbot.waitUntil(lambda: len(made.worker.asked) == 4)
    made.worker.answer(OutputError("The disk is full."))
    qtbot.waitUntil(lambda: work.phase is Phase.FAILED)
    assert isinstance(made.worker.asked[-1], ImportModels)


def test_names_that_cannot_be(made: Made, desk: Desk) -> None:
    work = made.work
    assert work.may_start()
    for name in ("", "a b", "sample", "../up", "con"):
        work.change(name=name)
        assert not work.may_start(), name
    desk.bundles.take(BundlesListed((Listed(name="sample"), Listed(name="mine-openvino-int8"))))
    work.change(name="mine")
    assert work.taken() == ("mine-openvino-int8",)
    assert not work.may_start()
    work.change(replace=True)
    assert work.may_start()
