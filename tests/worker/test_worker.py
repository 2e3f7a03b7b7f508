"""Clips from a child process: the same ones, and every way a child can fail."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pia_edge import AnimationRequest, CancelToken, Job, PiaError, Progress, Worker, errors
from pia_edge.bundle import Bundle, write_manifest
from pia_edge.errors import Cancelled, OutOfMemoryError, RequestError, WorkerError
from pia_edge.job import run_job
from pia_edge.progress import Stage
from pia_edge.worker import child

HERE = Path(__file__).parent
FAULTS = {
    "dies before hello": "ended with exit code 7",
    "is of another version": "found '0.0.0'",
    "SIGSEGV": "ended by SIGSEGV. The next clip starts another one. It said last: last words",
    "SIGABRT": "ended by SIGABRT",
    "exits with 3": "ended with exit code 3",
    "says garbage": "said what is no message: b'Segmentation fault",
    "says half a message": "ended with exit code 0",
    "says an impossible value": "said what is no message",
    "says 1 GB": "said more than a line may have",
    "closes its output": "closed its output",
    "hangs": "said nothing for 1 seconds",
}


@pytest.fixture
def job(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> Job:
    return job_of(tiny_onnx, picture_file, tmp_path / "clip.webp")


def job_of(bundle: Bundle, picture: Path, output: Path, **choices: Any) -> Job:
    request: dict[str, Any] = {"prompt": "a cat", "seed": 1, "num_frames": 2, "num_inference_steps": 1} | choices
    return Job(
        picture=picture,
        request=AnimationRequest(**request),
        output=output,
        bundle=str(bundle.path),
        backend="cpu",
        overwrite=True,
    )


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


def test_the_clip_is_that_of_this_process(worker: Worker, job: Job) -> None:
    steps: list[Progress] = []
    made = worker.animate(job, on_step=steps.append)
    theirs = job.output.read_bytes()
    assert made.recipe == run_job(job).recipe
    assert job.output.read_bytes() == theirs
    assert (made.path, made.num_frames) == (job.output, 2)
    assert {step.stage for step in steps} == {Stage.ENCODE, Stage.PREPARE, Stage.DENOISE, Stage.DECODE}
    (preview,) = (step.preview for step in steps if step.preview is not None)
    assert preview.shape[0] == 2


def test_the_bundle_stays_loaded(worker: Worker, job: Job) -> None:
    worker.animate(job)
    first = child_of(worker)
    again = worker.animate(job)
    assert child_of(worker) == first
    assert again.seconds < 2


def test_a_bundle_that_was_replaced_is_read_again(
    worker: Worker, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_onnx.path, tmp_path / "bundle")
    job = job_of(Bundle.open(folder), picture_file, tmp_path / "clip.gif")
    first = worker.animate(job)
    write_manifest(folder, msgspec.structs.replace(tiny_onnx.manifest, name="other"))
    second = worker.animate(job)
    assert (first.recipe.bundle_name, second.recipe.bundle_name) == ("tiny", "other")


def test_notes_come_before_the_work(worker: Worker, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    heard: list[object] = []
    long = job_of(tiny_onnx, picture_file, tmp_path / "clip.gif", prompt="cat " * 100)
    made = worker.animate(long, on_note=heard.append, on_step=heard.append)
    assert heard[: len(made.notes)] == list(made.notes)
    assert "the prompt is too long" in made.notes[-1]


def test_names_that_are_no_unicode(worker: Worker, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    picture = tmp_path / os.fsdecode(b"caf\xe9 \xf0\x9f\x90\x88.png")
    picture.write_bytes(picture_file.read_bytes())
    made = worker.animate(job_of(tiny_onnx, picture, picture.with_suffix(".gif")))
    assert made.path == picture.with_suffix(".gif")
    assert made.path.exists()


def test_errors_of_the_work_are_raised_here_and_cost_no_child(worker: Worker, job: Job, tiny_onnx: Bundle) -> None:
    worker.animate(job)
    first = child_of(worker)
    for picture, choices, kind in (
        (job.picture.with_name("none.png"), {}, errors.PictureError),
        (job.picture, {"num_inference_steps": 51, "scheduler": "lcm"}, RequestError),
    ):
        with pytest.raises(kind) as found:
            worker.animate(job_of(tiny_onnx, picture, job.output, **choices))
        with pytest.raises(kind) as here:
            run_job(job_of(tiny_onnx, picture, job.output, **choices))
        assert str(found.value) == str(here.value)
    assert child_of(worker) == first


@pytest.mark.parametrize("fault", FAULTS)
def test_a_child_that_fails_is_named_and_the_next_clip_is_made(fault: str, job: Job, tmp_path: Path) -> None:
    command = [sys.executable, str(HERE / "pretender.py"), fault, str(tmp_path / "done")]
    patience = 1 if fault == "hangs" else 60
    with Worker(command=command, patience=patience) as worker:
        started = time.monotonic()
        with pytest.raises(WorkerError) as found:
            worker.animate(job)
        assert FAULTS[fault] in str(found.value)
        assert time.monotonic() - started < 30
        assert not job.output.exists()
        assert "last words" in worker.log or not fault.startswith("SIG"), "for a report of the crash"
        vars(worker)["_patience"] = 60
        assert worker.animate(job).path == job.output
        assert job.output.exists()


def test_a_child_that_the_system_kills_ran_out_of_memory(job: Job, tmp_path: Path) -> None:
    with (
        Worker(command=[sys.executable, str(HERE / "pretender.py"), "SIGKILL", str(tmp_path / "done")]) as worker,
        pytest.raises(OutOfMemoryError, match="memory ran out"),
    ):
        worker.animate(job)


def test_a_program_that_is_not_there(job: Job) -> None:
    with Worker(command=["/none/such"]) as worker, pytest.raises(WorkerError, match="cannot be started"):
        worker.animate(job)


def test_cancelling_leaves_child_and_bundle_as_they_are(worker: Worker, job: Job, tiny_onnx: Bundle) -> None:
    worker.animate(job)
    first, whole = child_of(worker), job.output.read_bytes()
    long = job_of(tiny_onnx, job.picture, job.output, num_inference_steps=900)
    for _ in range(5):
        token = CancelToken()
        started: list[float] = []

        def stop(progress: Progress, token: CancelToken = token, started: list[float] = started) -> None:
            if progress.stage is Stage.DENOISE and not started:
                started.append(time.monotonic())
                threading.Thread(target=token.cancel).start()

        with pytest.raises(Cancelled):
            worker.animate(long, on_step=stop, cancel=token)
        assert time.monotonic() - started[0] < 2
        assert job.output.read_bytes() == whole
    worker.animate(job)
    assert child_of(worker) == first
    assert job.output.read_bytes() == whole


def test_a_child_that_does_not_stop_is_made_to(job: Job, tmp_path: Path) -> None:
    token = CancelToken()
    with Worker(
        command=[sys.executable, str(HERE / "pretender.py"), "does not stop", str(tmp_path / "done")]
    ) as worker:
        started = time.monotonic()
        with pytest.raises(Cancelled):
            worker.animate(job, on_step=lambda _: token.cancel(), cancel=token)
        assert time.monotonic() - started < 10
        assert worker.animate(job).path == job.output


def test_a_listener_that_fails_costs_the_child(job: Job) -> None:
    def fail(_: Progress) -> None:
        raise ZeroDivisionError

    with Worker() as worker:
        with pytest.raises(ZeroDivisionError):
            worker.animate(job, on_step=fail)
        assert worker.animate(job).path == job.output


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_dies_with_its_parent(number: int, job: Job) -> None:
    command = [sys.executable, str(HERE / "parent.py"), str(job.picture), str(job.bundle)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=job.output.parent) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.send_signal(number)
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
    assert list(job.output.parent.glob("x.gif*")) == []


def test_closing_twice_and_working_again(job: Job) -> None:
    worker = Worker()
    worker.close()
    worker.animate(job)
    child = child_of(worker)
    worker.close()
    worker.close()
    assert not Path(f"/proc/{child}").exists()
    assert worker.animate(job).path == job.output
    worker.close()


@pytest.mark.parametrize("windowed", ["pia-edge-gui", "pia-edge-gui.exe"])
def test_a_packaged_program_starts_the_one_with_a_console(
    windowed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / windowed
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    assert child._command() == [str(program), "_worker"]
    beside = tmp_path / windowed.replace("-gui", "")
    beside.touch()
    assert child._command() == [str(beside), "_worker"]


def test_what_libraries_print_is_no_message(job: Job) -> None:
    heard: list[str] = []
    with Worker(command=[sys.executable, str(HERE / "printing.py")], on_log=heard.append) as worker:
        worker.animate(job)
        assert worker.log == heard == ["printed", "written"]


def child_of(worker: Worker) -> int:
    """The process of a worker."""
    pid: int = vars(vars(worker)["_child"])["_process"].pid
    return pid


def test_a_token_that_was_used_already(worker: Worker, job: Job) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(PiaError):
        worker.animate(job, cancel=token)
    assert not job.output.exists()
