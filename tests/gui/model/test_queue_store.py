"""The queue in the database: each job is claimed once, and no end of a window loses one."""

import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pia_edge import Motion
from pia_edge.errors import OutputError, RequestError
from pia_edge.gui.model.clip_names import clip_path
from pia_edge.gui.model.database import open_database
from pia_edge.gui.model.draft import DraftState
from pia_edge.gui.model.queue_store import QueueStore
from pia_edge.gui.model.queued_job import JobState, QueuedJob
from pia_edge.gui.model.window_lock import WindowLock

HERE = Path(__file__).parent


class Home:
    """A folder with a database, and windows on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clips = root / "clips"
        self.locks: list[WindowLock] = []
        self.connections: list[sqlite3.Connection] = []

    def window(self) -> QueueStore:
        self.locks.append(WindowLock(self.root / "windows"))
        connection, note = open_database(self.root / "desktop.sqlite3")
        assert note is None
        self.connections.append(connection)
        return QueueStore(connection, self.locks[-1])

    def die(self, number: int) -> None:
        """End a window as SIGKILL does: the system lets go of its lock, and nothing else happens."""
        vars(self.locks[number])["_lock"].release()

    def close(self) -> None:
        for connection in self.connections:
            connection.close()
        for lock in self.locks:
            lock.release()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    one = Home(tmp_path)
    yield one
    one.close()


def draft(prompt: str = "a cat") -> DraftState:
    return DraftState(picture=Path("cat.png"), prompt=prompt, seed=1)


def prompts(store: QueueStore) -> list[str]:
    return [row.draft.prompt for row in store.rows()]


def test_a_job_comes_back_as_it_was(home: Home) -> None:
    state = DraftState(
        picture=Path(os.fsdecode(b"/caf\xe9/\xf0\x9f\x90\x88.png")),
        last_picture=Path("b.png"),
        prompt='日本: a "cat"; DROP TABLE jobs',
        prompts_at=((8, "b"), ("50%", "c")),
        motion=Motion(curve=(1.0, 1 / 3), stretch=True),
        size=(64, 48),
        seed=2**63 - 1,
    )
    added = home.window().add(state)
    (found,) = home.window().rows()
    assert found == added
    assert (found.draft, found.seed, found.state) == (state, 2**63 - 1, JobState.WAITING)
    assert found.picture_name == "\U0001f408.png"


def test_jobs_are_begun_in_their_order_one_at_a_time(home: Home) -> None:
    store, other = home.window(), home.window()
    first, second = store.add(draft("first")), store.add(draft("second"))
    begun = store.claim(home.clips)
    assert begun is not None
    assert (begun.number, begun.state) == (first.number, JobState.RUNNING)
    assert store.claim(home.clips) is None
    assert other.claim(home.clips) is None
    store.record(first.number, JobState.DONE)
    begun = other.claim(home.clips)
    assert begun is not None
    assert begun.number == second.number
    other.record(second.number, JobState.FAILED, "Expected a, found b.")
    assert [(row.state, row.error) for row in store.rows()] == [
        (JobState.DONE, None),
        (JobState.FAILED, "Expected a, found b."),
    ]
    assert store.claim(home.clips) is None


def test_many_windows_do_every_job_once(home: Home) -> None:
    adding = home.window()
    for number in range(40):
        adding.add(draft(f"{number}"))
    claimed: list[int] = []
    running = threading.Semaphore(1)

    def work() -> None:
        lock = WindowLock(home.root / "windows")
        connection, _ = open_database(home.root / "desktop.sqlite3")
        store = QueueStore(connection, lock)
        while any(not row.state.ended for row in store.rows()):
            if (job := store.claim(home.clips)) is not None:
                assert running.acquire(blocking=False), "two clips at once"
                claimed.append(job.number)
                running.release()
                store.record(job.number, JobState.DONE)
        connection.close()
        lock.release()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == [row.number for row in adding.rows()]


def test_what_a_dead_window_left_is_taken_over(home: Home) -> None:
    dying, living = home.window(), home.window()
    job = dying.add(draft())
    assert dying.claim(home.clips) is not None
    assert living.claim(home.clips) is None
    home.die(0)
    again = living.claim(home.clips)
    assert again is not None
    assert again.number == job.number
    assert [path.stem for path in (home.root / "windows").iterdir()] == [home.locks[1].name]


def test_windows_that_open_at_once_see_each_other(tmp_path: Path) -> None:
    locks: list[WindowLock] = []
    seen: list[bool] = []

    def open_windows() -> None:
        for _ in range(20):
            lock = WindowLock(tmp_path)
            locks.append(lock)
            seen.append(lock.alone())

    threads = [threading.Thread(target=open_windows) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(locks) == 60
    assert seen.count(True) <= 1
    assert all(locks[0].lives(lock.name) for lock in locks)
    for lock in locks:
        lock.release()
    assert list(tmp_path.iterdir()) == []


def test_a_clip_that_was_written_before_the_end_is_done(home: Home) -> None:
    dying, living = home.window(), home.window()
    dying.add(draft())
    begun = dying.claim(home.clips)
    assert begun is not None
    assert begun.output is not None
    home.clips.mkdir()
    begun.output.touch()
    home.die(0)
    assert living.claim(home.clips) is None
    (row,) = living.rows()
    assert (row.state, row.output) == (JobState.DONE, begun.output)


def test_a_job_that_ends_the_program_again_and_again_is_left_alone(home: Home) -> None:
    home.window().add(draft())
    for number in (1, 2):
        assert home.window().claim(home.clips) is not None
        home.die(number)
    store = home.window()
    assert store.claim(home.clips) is None
    (row,) = store.rows()
    assert row.state is JobState.FAILED
    assert "ended 2 times" in (row.error or "")
    store.retry(row.number)
    assert store.claim(home.clips) is not None


def test_a_job_that_was_given_back_has_not_begun(home: Home) -> None:
    store = home.window()
    job = store.add(draft())
    for _ in range(5):
        assert store.claim(home.clips) is not None
        store.give_back(job.number)
    assert store.rows() == [job]


def test_stopping(home: Home) -> None:
    store = home.window()
    waiting, running = store.add(draft("waits")), store.add(draft("runs"))
    store.stop(waiting.number)
    begun = store.claim(home.clips)
    assert begun is not None
    assert begun.number == running.number
    store.stop(running.number)
    store.record(running.number, JobState.FAILED, "too late")
    assert [row.state for row in store.rows()] == [JobState.STOPPED, JobState.STOPPED]
    store.record(running.number, JobState.DONE)
    assert store.state(running.number) is JobState.DONE, "a clip that is there after all is not hidden"
    store.stop(running.number)
    assert store.state(running.number) is JobState.DONE


def test_a_paused_queue_begins_nothing_and_stays_paused(home: Home) -> None:
    store = home.window()
    store.add(draft())
    store.set_paused(True)
    assert store.claim(home.clips) is None
    other = home.window()
    assert other.paused
    other.set_paused(False)
    assert store.claim(home.clips) is not None


def test_fifty_jobs_in_any_order(home: Home) -> None:
    store = home.window()
    rows = [store.add(draft(f"{number}")) for number in range(50)]
    expected = [row.draft.prompt for row in rows]
    dice = random.Random(5)
    for _ in range(200):
        row, index = dice.choice(rows), dice.randrange(-3, 55)
        expected.remove(row.draft.prompt)
        expected.insert(max(0, index), row.draft.prompt)
        store.move(row.number, index)
    assert prompts(store) == expected == prompts(home.window())
    store.move(999, 0)
    assert prompts(store) == expected


def test_removing_and_trying_again(home: Home) -> None:
    store = home.window()
    first, second = store.add(draft("first")), store.add(draft("second"))
    store.stop(first.number)
    store.retry(first.number)
    assert prompts(store) == ["second", "first"]
    store.remove(first.number, second.number)
    assert store.rows() == []
    assert store.state(first.number) is None
    assert store.add(draft()).number > second.number, "a number stands for one job for ever"


def test_a_row_that_cannot_be_read_is_left_out_and_kept(home: Home) -> None:
    store = home.window()
    store.add(draft("damaged"))
    store.add(draft("whole"))
    home.connections[0].execute("UPDATE jobs SET draft = x'00ff' WHERE number = 1")
    home.connections[0].execute("INSERT INTO jobs (position, state, draft, added) VALUES (-1, 'new', '{}', 0)")
    begun = store.claim(home.clips)
    assert begun is not None
    assert begun.draft.prompt == "whole"
    assert prompts(store) == ["whole"]
    assert home.connections[0].execute("SELECT COUNT(*) FROM jobs").fetchone() == (3,)


def test_other_windows_see_that_something_changed(home: Home) -> None:
    store, other = home.window(), home.window()
    before = store.version()
    assert store.version() == before
    other.add(draft())
    assert store.version() != before


def test_a_disk_that_refuses_is_a_sentence_and_changes_nothing(home: Home) -> None:
    store = home.window()
    store.add(draft("whole"))
    pages = home.connections[0].execute("PRAGMA page_count").fetchone()[0]
    home.connections[0].execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OutputError, match="database or disk is full"):
        store.add(draft("b" * 50_000))
    assert prompts(store) == ["whole"]
    assert store.claim(home.clips) is not None


def test_names_tell_what_and_when_and_overwrite_nothing(tmp_path: Path) -> None:
    first = clip_path(tmp_path, "A boat/../on the SEA, night falls over all the land", lambda _: False)
    assert first.parent == tmp_path
    assert first.name.startswith("a-boat-on-the-sea-night-20")
    assert first.suffix == ".apng"
    second = clip_path(tmp_path, "A boat on the sea, night falls", lambda path: path.stem.count("-") < 10)
    assert second.stem.endswith("-2")
    assert clip_path(tmp_path, "…!", lambda _: False).name.startswith("clip-20")
    assert len(os.fsencode(clip_path(tmp_path, "日本" * 200, lambda _: False).name)) < 255


def test_two_jobs_of_one_second_have_names_of_their_own(home: Home) -> None:
    store = home.window()
    outputs = set()
    for _ in range(5):
        store.add(draft())
        begun = store.claim(home.clips)
        assert begun is not None
        store.record(begun.number, JobState.FAILED, "no clip is there")
        outputs.add(begun.output)
    assert len(outputs) == 5


def test_a_job_that_cannot_be_done_is_refused_when_it_is_run() -> None:
    row = QueuedJob(number=1, state=JobState.WAITING, draft=DraftState(prompt="a"), added=0)
    with pytest.raises(RequestError, match="Choose a picture"):
        row.job()


def test_windows_that_are_killed_lose_nothing(home: Home) -> None:
    store = home.window()
    for number in range(300):
        store.add(draft(f"{number}"))
    dice = random.Random(7)
    for _ in range(3):
        command = [sys.executable, str(HERE / "claiming.py"), str(home.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as window:
            assert window.stdout is not None
            assert window.stdout.readline() == b"claimed\n"
            time.sleep(dice.random() * 0.1)
            window.kill()
    states = [row.state for row in store.rows()]
    assert len(states) == 300
    assert states.count(JobState.RUNNING) <= 1
    done = states.count(JobState.DONE)
    assert 3 <= done < 300
    assert home.connections[0].execute("PRAGMA integrity_check").fetchone() == ("ok",)
    job = store.claim(home.clips)
    assert job is not None
    assert job.draft.prompt == str(done), "what the dead window had begun comes first again"
