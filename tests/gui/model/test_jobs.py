"""The queue with real workers, and everything that can go wrong while a clip is made."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from pia_edge.errors import OutOfMemoryError, OutputError, PiaError, PictureError, RequestError, WorkerError
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.jobs import JobQueue
from pia_edge.gui.model.places import Places
from pia_edge.gui.model.queued_job import JobState, draft_to_json
from pia_edge.job import Made
from pia_edge.progress import Progress, Stage

HERE = Path(__file__).parent
PRETENDER = HERE.parents[1] / "worker" / "pretender.py"
LONG = {"num_inference_steps": 900}
OpenQueue = Callable[..., JobQueue]


def states(queue: JobQueue) -> list[JobState]:
    return [row.state for row in queue.rows]


def wait_for(queue: JobQueue, qtbot: QtBot, *expected: JobState) -> None:
    qtbot.waitUntil(lambda: states(queue) == list(expected), timeout=30_000)


def wait_for_step(queue: JobQueue, qtbot: QtBot) -> None:
    with qtbot.waitSignal(
        queue.progressed, timeout=30_000, check_params_cb=lambda _, progress: progress.stage is Stage.DENOISE
    ):
        pass


def running_here(queue: JobQueue) -> bool:
    return queue.here is not None


def errors_of(queue: JobQueue) -> list[PiaError]:
    found: list[PiaError] = []
    queue.failed.connect(lambda _, error: found.append(error))
    return found


def changed(draft: DraftState, **choices: Any) -> DraftState:
    return msgspec.structs.replace(draft, **choices)


def pretending(fault: str, done: Path) -> list[str]:
    return [sys.executable, str(PRETENDER), fault, str(done)]


def test_a_clip_is_made_and_told_of(open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot) -> None:
    queue = open_queue()
    heard: list[str] = []
    previews: list[Any] = []
    made: list[Made] = []
    queue.started.connect(lambda row: heard.append(f"started {row.state}"))
    queue.progressed.connect(lambda _, progress: previews.append(progress.preview))
    queue.finished.connect(lambda row, _: heard.append(f"finished {row.state}"))
    queue.finished.connect(lambda _, one: made.append(one))
    row = queue.add(draft)
    assert row.seed is not None, "a seed is drawn at once, so that it can be shown"
    wait_for(queue, qtbot, JobState.DONE)
    qtbot.waitUntil(lambda: bool(made))
    assert heard == ["started running", "finished done"]
    assert made[0].path == queue.rows[0].output
    assert made[0].path.parent == places.clips
    assert made[0].path.name.startswith("a-cat-20")
    assert made[0].recipe.seed == row.seed
    (preview,) = (preview for preview in previews if preview is not None)
    assert (preview.dtype, preview.shape[0], preview.shape[3]) == (np.uint8, 2, 3)
    with Image.open(made[0].path) as clip:
        assert (clip.format, getattr(clip, "n_frames", 0)) == ("PNG", 2)
    assert queue.notes == ()
    assert (queue.current, queue.here, queue.waiting) == (None, None, 0)


def test_what_is_not_complete_is_not_added(open_queue: OpenQueue, draft: DraftState) -> None:
    queue = open_queue()
    for wanting in (changed(draft, picture=None), changed(draft, prompt=" ")):
        with pytest.raises(RequestError):
            queue.add(wanting)
    assert queue.rows == ()


def test_stopping_is_seen_at_once_and_the_next_clip_is_made(
    open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot
) -> None:
    queue = open_queue()
    errors = errors_of(queue)
    row = queue.add(changed(draft, **LONG))
    queue.add(draft)
    wait_for_step(queue, qtbot)
    assert running_here(queue)
    started = time.monotonic()
    queue.stop(row)
    assert time.monotonic() - started < 0.2
    assert states(queue) == [JobState.STOPPED, JobState.WAITING]
    assert not running_here(queue)
    wait_for(queue, qtbot, JobState.STOPPED, JobState.DONE)
    assert errors == []
    assert len(list(places.clips.iterdir())) == 1


def test_a_worker_that_does_not_stop_is_made_to(
    open_queue: OpenQueue, draft: DraftState, tmp_path: Path, qtbot: QtBot
) -> None:
    queue = open_queue(pretending("does not stop", tmp_path / "done"))
    row = queue.add(draft)
    queue.add(draft)
    wait_for_step(queue, qtbot)
    queue.stop(row)
    assert states(queue) == [JobState.STOPPED, JobState.WAITING]
    wait_for(queue, qtbot, JobState.STOPPED, JobState.DONE)


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("SIGKILL", OutOfMemoryError, "memory ran out"),
        ("SIGSEGV", WorkerError, "ended by SIGSEGV"),
        ("hangs", WorkerError, "said nothing for"),
        ("says garbage", WorkerError, "what is no message"),
    ],
)
def test_a_worker_that_fails_costs_its_job_alone(
    fault: str,
    kind: type[PiaError],
    said: str,
    open_queue: OpenQueue,
    draft: DraftState,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    queue = open_queue(pretending(fault, tmp_path / "done"), patience=1 if fault == "hangs" else 60)
    worker = vars(vars(queue)["_runner"])["_worker"]
    # The one that takes its place may take longer to start.
    queue.failed.connect(lambda *_: vars(worker).update(_patience=60))
    errors = errors_of(queue)
    queue.add(draft)
    queue.add(draft)
    wait_for(queue, qtbot, JobState.FAILED, JobState.DONE)
    (error,) = errors
    assert isinstance(error, kind)
    assert said in str(error)
    assert queue.rows[0].error == str(error)
    queue.retry(queue.rows[0])
    wait_for(queue, qtbot, JobState.DONE, JobState.DONE)
    assert queue.rows[1].error is None


def test_a_worker_that_is_killed_while_it_denoises(open_queue: OpenQueue, draft: DraftState, qtbot: QtBot) -> None:
    queue = open_queue()
    errors = errors_of(queue)
    queue.add(changed(draft, **LONG))
    queue.add(draft)
    wait_for_step(queue, qtbot)
    os.kill(child_of(queue), signal.SIGKILL)
    wait_for(queue, qtbot, JobState.FAILED, JobState.DONE)
    assert [type(error) for error in errors] == [OutOfMemoryError]


def child_of(queue: JobQueue) -> int:
    """The process that makes clips."""
    worker = vars(vars(queue)["_runner"])["_worker"]
    pid: int = vars(vars(worker)["_child"])["_process"].pid
    return pid


def test_a_picture_that_vanished(open_queue: OpenQueue, draft: DraftState, tmp_path: Path, qtbot: QtBot) -> None:
    queue = open_queue()
    errors = errors_of(queue)
    picture = tmp_path / "gone.png"
    queue.pause()
    queue.add(changed(draft, picture=picture))
    queue.add(draft)
    queue.resume()
    wait_for(queue, qtbot, JobState.FAILED, JobState.DONE)
    (error,) = errors
    assert isinstance(error, PictureError)
    assert "gone.png" in str(error)


def test_a_clips_folder_that_cannot_be_written(
    open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot
) -> None:
    queue = open_queue()
    errors = errors_of(queue)
    places.clips.write_text("a file")
    row = queue.add(draft)
    wait_for(queue, qtbot, JobState.FAILED)
    assert [type(error) for error in errors] == [OutputError]
    places.clips.unlink()
    queue.retry(row)
    wait_for(queue, qtbot, JobState.DONE)


def test_a_full_disk(open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot) -> None:
    queue = open_queue([sys.executable, str(HERE / "full_disk.py")])
    errors = errors_of(queue)
    queue.add(draft)
    wait_for(queue, qtbot, JobState.FAILED)
    (error,) = errors
    assert "The disk is full. Free some space" in str(error)
    assert list(places.clips.iterdir()) == []


def test_a_damaged_database_is_told_of_and_the_queue_begins_anew(
    open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot
) -> None:
    places.root.mkdir()
    places.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    queue = open_queue()
    (note,) = queue.notes
    assert "damaged" in note
    assert len(list(places.root.glob("desktop.damaged-*"))) == 1
    queue.add(draft)
    wait_for(queue, qtbot, JobState.DONE)


def test_a_home_that_cannot_be_written(open_queue: OpenQueue, draft: DraftState, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").touch()
    queue = open_queue(at=Places(tmp_path / "file" / "home"))
    (note,) = queue.notes
    assert "The queue will not outlive this window" in note
    queue.add(draft)
    wait_for(queue, qtbot, JobState.FAILED)
    assert "Could not write" in (queue.rows[0].error or "")


def test_pausing_finishes_the_clip_first(open_queue: OpenQueue, draft: DraftState, qtbot: QtBot) -> None:
    queue = open_queue()
    queue.add(changed(draft, num_inference_steps=30))
    queue.add(draft)
    wait_for_step(queue, qtbot)
    queue.pause()
    wait_for(queue, qtbot, JobState.DONE, JobState.WAITING)
    qtbot.wait(100)
    assert states(queue) == [JobState.DONE, JobState.WAITING]
    queue.resume()
    wait_for(queue, qtbot, JobState.DONE, JobState.DONE)


def test_holding_finishes_the_clip_and_tells_other_windows_nothing(
    open_queue: OpenQueue, draft: DraftState, qtbot: QtBot
) -> None:
    queue = open_queue()
    queue.hold(True)
    queue.add(draft)
    qtbot.wait(100)
    assert states(queue) == [JobState.WAITING]
    assert not queue.paused
    other = open_queue()
    wait_for(other, qtbot, JobState.DONE)


def test_jobs_are_made_in_the_order_that_they_were_put_into(
    open_queue: OpenQueue, draft: DraftState, qtbot: QtBot
) -> None:
    queue = open_queue()
    queue.pause()
    rows = [queue.add(changed(draft, seed=number)) for number in range(3)]
    queue.move(rows[2], 0)
    queue.remove(rows[0])
    made: list[int] = []
    queue.finished.connect(lambda row, _: made.append(row.seed))
    queue.resume()
    wait_for(queue, qtbot, JobState.DONE, JobState.DONE)
    qtbot.waitUntil(lambda: made == [2, 1])
    queue.clear_ended()
    assert queue.rows == ()


def test_two_windows_make_each_clip_once(
    open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot
) -> None:
    windows = [open_queue(), open_queue()]
    made: list[int] = []
    for window in windows:
        window.finished.connect(lambda row, _: made.append(row.number))
    for number in range(6):
        windows[number % 2].add(changed(draft, seed=number))
    for window in windows:
        wait_for(window, qtbot, *[JobState.DONE] * 6)
    qtbot.waitUntil(lambda: len(made) == 6)
    assert sorted(made) == [1, 2, 3, 4, 5, 6]
    assert len(list(places.clips.iterdir())) == 6


def test_a_job_is_stopped_from_another_window(open_queue: OpenQueue, draft: DraftState, qtbot: QtBot) -> None:
    queue = open_queue()
    queue.add(changed(draft, **LONG))
    wait_for_step(queue, qtbot)
    other = open_queue()
    assert (other.current, other.here) == (other.rows[0], None)
    assert other.notes == (), "what another window makes was not left behind"
    other.stop(other.rows[0])
    wait_for(queue, qtbot, JobState.STOPPED)
    qtbot.waitUntil(lambda: vars(queue)["_here"] is None, timeout=10_000)


def test_closing_puts_the_job_back_and_the_next_start_goes_on(
    open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot
) -> None:
    queue = open_queue()
    queue.add(changed(draft, num_inference_steps=300))
    wait_for_step(queue, qtbot)
    queue.close()
    assert list(places.clips.iterdir()) == []
    assert list(places.windows.iterdir()) == []
    queue = open_queue()
    assert queue.notes == ("1 clip(s) were waiting when the window closed, and are made now.",)
    wait_for(queue, qtbot, JobState.DONE)


def test_a_window_that_is_killed_loses_nothing(
    open_queue: OpenQueue, draft: DraftState, places: Places, qtbot: QtBot
) -> None:
    drafts = [changed(draft, seed=1, num_inference_steps=100), changed(draft, seed=2)]
    command = [sys.executable, str(HERE / "window.py"), str(places.root)]
    command += [draft_to_json(one).decode() for one in drafts]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as window:
        assert window.stdout is not None
        while b"1 denoise" not in window.stdout.readline():
            assert window.poll() is None
        window.kill()
    queue = open_queue()
    assert queue.notes == ("2 clip(s) were waiting when the window closed, and are made now.",)
    wait_for(queue, qtbot, JobState.DONE, JobState.DONE)
    assert [row.seed for row in queue.rows] == [1, 2]
    assert {path.suffix for path in places.clips.iterdir()} == {".apng"}
    assert len(list(places.clips.iterdir())) == 2


def test_a_slow_window_hears_of_the_newest_step_alone(open_queue: OpenQueue, draft: DraftState, qtbot: QtBot) -> None:
    queue = open_queue()
    queue.add(changed(draft, num_inference_steps=200))
    wait_for_step(queue, qtbot)
    heard: list[Progress] = []
    queue.progressed.connect(lambda _, progress: heard.append(progress))
    qtbot.waitUntil(lambda: bool(heard))
    before = len(heard)
    time.sleep(0.5)  # the window's thread does something else
    qtbot.waitUntil(lambda: len(heard) > before)
    queue.stop(queue.rows[0])
    assert heard[before].done > heard[before - 1].done + 5, "those between were dropped"
    assert heard[before].preview is not None
