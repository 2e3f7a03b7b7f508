"""Stopping: at once from another thread, on every backend, and as if nothing had happened afterwards."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from pia_edge import AnimationPipeline, AnimationRequest, CancelToken, Picture
from pia_edge.backend import Array, Session
from pia_edge.bundle import Bundle
from pia_edge.errors import Cancelled
from pia_edge.export.parity import example_inputs
from pia_edge.modules import Module
from pia_edge.progress import Progress, Stage
from pia_edge.runtimes import BACKENDS
from pia_edge.runtimes.openvino_compiling import Compiled, Compiler, Shapes
from tests.backends import PRESENT
from tests.injection import InjectedBackend

REQUEST = AnimationRequest(prompt="a cat", seed=3, num_frames=3, num_inference_steps=3)


def open_on(backend: str, tiny: Bundle, tiny_onnx: Bundle) -> AnimationPipeline:
    return AnimationPipeline.open(tiny if backend == "reference" else tiny_onnx, backend)


def run_under(token: CancelToken, session: Session, inputs: dict[str, Array]) -> tuple[Array, ...]:
    with token.interrupting(session.interrupt):
        return session.infer(**inputs)


class CancelTimer(threading.Timer):
    """Cancels after some seconds, and says when it did."""

    def __init__(self, token: CancelToken, seconds: float) -> None:
        super().__init__(seconds, self._cancel)
        self._token = token
        self.fired = 0.0

    def _cancel(self) -> None:
        self.fired = time.perf_counter()
        self._token.cancel()


def cancel_during(token: CancelToken, seconds: float) -> CancelTimer:
    timer = CancelTimer(token, seconds)
    timer.start()
    return timer


def run_on_and_on(token: CancelToken, session: Session, inputs: dict[str, Array]) -> None:
    """Until it is cancelled: a run may end before that."""
    while True:
        run_under(token, session, inputs)


def seconds_until_cancelled(session: Session, inputs: dict[str, Array], after: float) -> float:
    token = CancelToken()
    started = time.perf_counter()
    timer = cancel_during(token, after)
    with pytest.raises(Cancelled, match="Stopped as asked"):
        run_under(token, session, inputs)
    seconds = time.perf_counter() - started
    timer.join()
    return seconds


def wait_until_no_other_thread_of_ours(before: set[threading.Thread]) -> None:
    deadline = time.monotonic() + 5
    while set(threading.enumerate()) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(threading.enumerate()) - before == set()


@pytest.mark.parametrize("backend", PRESENT)
def test_a_running_module_ends_within_its_step(backend: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    before = set(threading.enumerate())
    session = BACKENDS[backend]().load(tiny if backend == "reference" else tiny_onnx, Module.UNET)
    inputs = example_inputs(tiny, Module.UNET, frames=32, height=32, width=32, seed=0)
    undisturbed = session.infer(**inputs)
    started = time.perf_counter()
    session.infer(**inputs)
    whole = time.perf_counter() - started
    ended = [seconds_until_cancelled(session, inputs, after=whole * 0.2) for _ in range(3)]
    # The machine may do something else at any moment, but hardly in all three.
    assert min(ended) < whole * 0.8
    again = session.infer(**inputs)
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(again, undisturbed, strict=True))
    wait_until_no_other_thread_of_ours(before)


@pytest.mark.parametrize("backend", ["cpu", "intel"])
def test_a_hundred_cancels_leave_the_session_as_it_was(backend: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = BACKENDS[backend]().load(tiny_onnx, Module.UNET)
    inputs = example_inputs(tiny, Module.UNET, frames=16, height=16, width=16, seed=0)
    undisturbed = session.infer(**inputs)
    random, waited = np.random.default_rng(0), []
    for _ in range(100):
        token = CancelToken()
        timer = cancel_during(token, float(random.uniform(0, 0.03)))
        with pytest.raises(Cancelled):
            run_on_and_on(token, session, inputs)
        waited.append(time.perf_counter() - timer.fired)
        timer.join()
    assert np.median(waited) < 0.5
    assert np.array_equal(session.infer(**inputs)[0], undisturbed[0])


def test_a_cancel_while_a_module_compiles_is_not_lost(
    tiny: Bundle, tiny_onnx: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = example_inputs(tiny, Module.UNET, frames=32, height=32, width=32, seed=0)
    undisturbed = BACKENDS["intel"]().load(tiny_onnx, Module.UNET).infer(**inputs)
    session = BACKENDS["intel"]().load(tiny_onnx, Module.UNET)
    token = CancelToken()
    compiling = Compiler.compile
    compiled: list[Shapes] = []

    def compile_and_cancel(compiler: Compiler, shapes: Shapes, make: Callable[[], object]) -> Compiled:
        threading.Thread(target=token.cancel).start()
        compiled.append(shapes)
        return compiling(compiler, shapes, make)

    monkeypatch.setattr(Compiler, "compile", compile_and_cancel)
    ended: list[tuple[Array, ...]] = []
    with pytest.raises(Cancelled), token.interrupting(session.interrupt):
        ended.append(session.infer(**inputs))
    assert ended == []
    again = session.infer(**inputs)
    assert np.array_equal(again[0], undisturbed[0])
    assert len(compiled) == 1, "what was compiled is kept"


class SlowStart:
    """A session that notices an interrupt only once it has begun, as every runtime does."""

    device = "none"
    exact = True

    def __init__(self) -> None:
        self.interrupts = 0
        self._running = threading.Event()
        self._stop = threading.Event()

    def infer(self, **_inputs: Array) -> tuple[Array, ...]:
        time.sleep(0.2)
        self._running.set()
        if self._stop.wait(5):
            raise RuntimeError("interrupted")
        return ()

    def interrupt(self) -> None:
        self.interrupts += 1
        if self._running.is_set():
            self._stop.set()


def test_an_interrupt_that_comes_too_early_is_repeated() -> None:
    before = set(threading.enumerate())
    session, token = SlowStart(), CancelToken()
    timer = cancel_during(token, 0.02)
    started = time.perf_counter()
    with pytest.raises(Cancelled):
        run_under(token, session, {})
    assert time.perf_counter() - started < 2
    assert session.interrupts > 1
    timer.join()
    wait_until_no_other_thread_of_ours(before)


@pytest.mark.parametrize("backend", PRESENT)
def test_the_next_clip_is_that_of_an_undisturbed_run(
    backend: str, tiny: Bundle, tiny_onnx: Bundle, picture: Picture
) -> None:
    pipeline = open_on(backend, tiny, tiny_onnx)
    undisturbed = pipeline.animate(picture, REQUEST)
    for stage, done in ((Stage.ENCODE, 1), (Stage.DENOISE, 2), (Stage.DECODE, 1)):
        token = CancelToken()

        def stop(progress: Progress, at: tuple[Stage, int] = (stage, done), token: CancelToken = token) -> None:
            if (progress.stage, progress.done) == at:
                token.cancel()

        with pytest.raises(Cancelled):
            pipeline.animate(picture, REQUEST, on_step=stop, cancel=token)
        assert pipeline.animate(picture, REQUEST).frames.tobytes() == undisturbed.frames.tobytes()


def test_cancelled_before_the_start_nothing_runs(tiny_onnx: Bundle, picture: Picture) -> None:
    token = CancelToken()
    token.cancel()
    assert token.cancelled
    backend = InjectedBackend(BACKENDS["cpu"](), lambda _module, _count, outputs: outputs)
    with pytest.raises(Cancelled):
        AnimationPipeline(tiny_onnx, backend).animate(picture, REQUEST, cancel=token)
    assert backend.calls == []


def test_a_token_that_is_never_used_changes_nothing(tiny_onnx: Bundle, picture: Picture) -> None:
    pipeline = AnimationPipeline.open(tiny_onnx, "cpu")
    with_token = pipeline.animate(picture, REQUEST, cancel=CancelToken())
    assert with_token.frames.tobytes() == pipeline.animate(picture, REQUEST).frames.tobytes()


def test_an_error_that_no_cancel_caused_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="other"), CancelToken().interrupting(lambda: None):
        raise ValueError("other")


def test_cancelling_from_inside_the_block_by_the_same_thread() -> None:
    token = CancelToken()
    calls: list[int] = []
    with pytest.raises(Cancelled), token.interrupting(lambda: calls.append(1)):
        token.cancel()
    assert calls == [1]
    token.cancel()
    assert calls == [1], "nothing runs, so there is nothing to interrupt"


@pytest.mark.parametrize("name", ["cpu", "intel"])
def test_a_session_may_be_interrupted_when_idle(name: str, tiny: Bundle, tiny_onnx: Bundle) -> None:
    session = BACKENDS[name]().load(tiny_onnx, Module.CONDITION)
    inputs = example_inputs(tiny, Module.CONDITION, frames=1, height=4, width=4, seed=0)
    session.interrupt()
    first = session.infer(**inputs)
    session.interrupt()
    assert np.array_equal(session.infer(**inputs)[0], first[0])


def test_signal_handlers_may_interrupt_the_thread_that_runs(tiny_onnx: Bundle) -> None:
    """A handler runs between any two instructions of infer, also where the session holds its own lock."""
    for name in ("cpu", "intel"):
        session = BACKENDS[name]().load(tiny_onnx, Module.CONDITION)
        finished: list[bool] = []

        def handler_inside_the_lock(session: Session = session, finished: list[bool] = finished) -> None:
            with vars(session)["_lock"]:
                session.interrupt()
            finished.append(True)

        run_with_deadline(handler_inside_the_lock)
        assert finished == [True]


def run_with_deadline(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive(), "it waits for itself"
