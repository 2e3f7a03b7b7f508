"""The plan of the clip that is being composed, from a real worker."""

from pathlib import Path
from typing import Any

import msgspec
from pytestqt.qtbot import QtBot

from pia_edge.errors import BundleError, OutOfMemoryError, OutputError, PiaError, PictureError
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.draft import DraftState
from pia_edge.job_plan import JobPlan


def settled(desk: Desk, qtbot: QtBot) -> JobPlan | None:
    """The plan once it is there, or None where there is none."""
    qtbot.waitUntil(lambda: not desk.plan.asking, timeout=30_000)
    return desk.plan.plan


def predicted(desk: Desk) -> float | None:
    return None if desk.plan.prediction is None else desk.plan.prediction.total


def test_the_plan_follows_the_draft(desk: Desk, draft: DraftState, qtbot: QtBot) -> None:
    asked: list[bool] = []
    assert (desk.plan.incomplete, desk.plan.asking) == (True, False)
    desk.draft.replace(draft)
    plan = settled(desk, qtbot)
    assert plan is not None
    assert (plan.frames, plan.backend, desk.plan.error) == (2, "cpu", None)
    desk.plan.changed.connect(lambda: asked.append(desk.plan.asking))
    for frames in (3, 4, 5):
        desk.draft.change(num_frames=frames)
    plan = settled(desk, qtbot)
    assert asked == [True, True, True, False], "changes that follow each other are answered once"
    assert plan is not None
    assert plan.frames == 5
    desk.draft.change(prompt="")
    qtbot.waitUntil(lambda: desk.plan.plan is None)


def test_what_cannot_be_done_is_a_sentence(desk: Desk, draft: DraftState, tmp_path: Path, qtbot: QtBot) -> None:
    desk.draft.replace(draft)
    changes: list[tuple[dict[str, Any], type[PiaError]]] = [
        ({"picture": tmp_path / "none.png"}, PictureError),
        ({"picture": draft.picture, "bundle": "none"}, BundleError),
    ]
    for change, kind in changes:
        desk.draft.change(**change)
        assert settled(desk, qtbot) is None
        assert isinstance(desk.plan.error, kind)
    desk.places.clips.rmdir()
    desk.places.clips.touch()
    desk.plan.refresh()
    settled(desk, qtbot)
    assert isinstance(desk.plan.error, OutputError)


def test_after_a_clip_the_time_is_known(desk: Desk, draft: DraftState, qtbot: QtBot) -> None:
    desk.draft.replace(draft)
    settled(desk, qtbot)
    assert predicted(desk) is None
    with qtbot.waitSignal(desk.jobs.finished, timeout=30_000) as finished:
        desk.jobs.add(desk.draft.state)
    assert finished.args is not None
    assert 0 < (predicted(desk) or 0) < finished.args[1].seconds + 5
    foreseen: list[object] = []
    desk.jobs.progressed.connect(lambda *_: foreseen.append(desk.jobs.course and desk.jobs.course.prediction))
    row = desk.jobs.add(msgspec.structs.replace(draft, num_inference_steps=900))
    qtbot.waitUntil(lambda: any(foreseen), timeout=30_000)
    desk.jobs.stop(row)


def test_the_users_limit_of_memory_holds_for_plan_and_clip(desk: Desk, draft: DraftState, qtbot: QtBot) -> None:
    desk.draft.replace(draft)
    assert settled(desk, qtbot) is not None
    desk.preferences.change(memory_limit=10**6)
    assert settled(desk, qtbot) is None
    assert isinstance(desk.plan.error, OutOfMemoryError)
    with qtbot.waitSignal(desk.jobs.failed, timeout=30_000) as failed:
        desk.jobs.add(draft)
    assert failed.args is not None
    assert isinstance(failed.args[1], OutOfMemoryError)
    assert any("OutOfMemoryError" in entry.text for entry in desk.log.since(0))
