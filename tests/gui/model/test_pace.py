"""How long clips take: learned from those that were made, scaled to others, corrected while one is made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pia_edge.clip import Recipe
from pia_edge.gui.model.course import Course
from pia_edge.gui.model.database import open_database
from pia_edge.gui.model.pace import Paces, Prediction
from pia_edge.gui.model.stopwatch import Stopwatch, Timing
from pia_edge.job import Made
from pia_edge.job_plan import JobPlan
from pia_edge.motion import Motion
from pia_edge.progress import Progress, Stage

COLD = Timing(load=10.0, denoise=40.0, decode=8.0, cold=True)


@pytest.fixture
def paces(tmp_path: Path) -> Iterator[Paces]:
    connection, _ = open_database(tmp_path / "desktop.sqlite3")
    yield Paces(connection)
    connection.close()


def made(**choices: Any) -> Made:
    unet_calls = choices.pop("unet_calls", 40)
    fields: dict[str, Any] = {
        "prompt": "a",
        "seed": 1,
        "motion": Motion(),
        "affinity": (1.0,),
        "num_frames": 16,
        "width": 512,
        "height": 384,
        "num_inference_steps": 20,
        "guidance_scale": 7.5,
        "fps": 8.0,
        "scheduler": "ddim",
        "bundle_name": "lake",
        "bundle_sha256": "ab" * 32,
        "backend": "intel",
        "device": "CPU",
    }
    recipe = Recipe(**fields | choices)
    return Made(
        path=Path("a.apng"),
        recipe=recipe,
        num_frames=16,
        notes=(),
        seconds=60,
        peak_memory=None,
        unet_calls=unet_calls,
    )


def plan(**choices: Any) -> JobPlan:
    fields: dict[str, Any] = {
        "bundle": "lake",
        "bundle_sha256": "ab" * 32,
        "format": "openvino",
        "precision": "fp16",
        "backend": "intel",
        "device": "CPU",
        "frames": 16,
        "width": 512,
        "height": 384,
        "window": None,
        "windows": 1,
        "circular": False,
        "prompts": 1,
        "steps": 20,
        "unet_calls": 40,
        "scheduler": "ddim",
        "guidance_scale": 7.5,
        "memory": None,
        "free_memory": 1,
        "keep_unet": True,
        "split_guidance": False,
        "notes": (),
    }
    return JobPlan(**fields | choices)


def seconds(prediction: Prediction | None) -> tuple[float, float, float]:
    assert prediction is not None
    return prediction.load, prediction.denoise, prediction.decode


def test_nothing_is_claimed_before_a_clip_was_made(paces: Paces) -> None:
    assert paces.predict(plan()) is None
    paces.learn(made(), COLD)
    assert paces.predict(plan(bundle="sea", bundle_sha256="cd" * 32)) is None


def test_the_same_clip_takes_as_long_again(paces: Paces) -> None:
    paces.learn(made(), COLD)
    assert seconds(paces.predict(plan())) == (10, 40, 8)


def test_other_clips_are_scaled_from_the_nearest(paces: Paces) -> None:
    paces.learn(made(), COLD)
    assert seconds(paces.predict(plan(unet_calls=10, width=256))) == (10, 5, 4)
    assert seconds(paces.predict(plan(frames=32, window=16, unet_calls=120))) == (10, 120, 16)
    paces.learn(made(width=128, height=96), Timing(load=10, denoise=20, decode=1, cold=True))
    assert seconds(paces.predict(plan(width=128, height=192)))[1] == 40
    assert seconds(paces.predict(plan(width=512, height=256)))[1] == pytest.approx(40 * 2 / 3)


def test_a_loaded_bundle_begins_sooner(paces: Paces) -> None:
    paces.learn(made(), COLD)
    assert seconds(paces.predict(plan(), loaded=True))[0] == 10
    paces.learn(made(), Timing(load=2, denoise=40, decode=8, cold=False))
    assert seconds(paces.predict(plan(), loaded=True))[0] == 2
    assert seconds(paces.predict(plan()))[0] == 10


def test_newer_clips_count_as_much_as_all_before(paces: Paces) -> None:
    for denoise in (40.0, 80.0):
        paces.learn(made(), Timing(load=10, denoise=denoise, decode=8, cold=True))
    assert seconds(paces.predict(plan()))[1] == 60


def test_the_same_bundle_on_the_same_backend_is_asked_first(paces: Paces) -> None:
    paces.learn(made(), COLD)
    paces.learn(made(backend="cpu"), Timing(load=1, denoise=400, decode=8, cold=True))
    paces.learn(made(bundle_sha256="cd" * 32), Timing(load=1, denoise=4, decode=8, cold=True))
    assert seconds(paces.predict(plan(width=256)))[1] == 20


def test_a_bundle_that_was_exported_again_takes_as_long(paces: Paces) -> None:
    paces.learn(made(), COLD)
    again = plan(bundle_sha256="cd" * 32)
    assert seconds(paces.predict(again)) == (10, 40, 8)
    assert paces.predict(plan(bundle_sha256="cd" * 32, backend="cpu")) is None


def test_a_clip_whose_steps_nobody_counted_teaches_nothing(paces: Paces) -> None:
    paces.learn(made(unet_calls=0), COLD)
    assert paces.predict(plan()) is None


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def heard(course: Course, clock: Clock, at: float, stage: Stage, done: int, total: int) -> None:
    clock.now = 100 + at
    course.hear(Progress(stage, done, total, None))


def test_without_a_prediction_the_pace_of_the_stage_tells() -> None:
    clock = Clock()
    course = Course(clock)
    assert (course.seconds_left(), course.fraction()) == (None, 0)
    heard(course, clock, 4, Stage.PREPARE, 1, 1)
    assert course.seconds_left() is None
    heard(course, clock, 6, Stage.DENOISE, 1, 10)
    assert course.seconds_left() == 18
    heard(course, clock, 8, Stage.DENOISE, 2, 10)
    assert course.seconds_left() == 16
    clock.now += 1
    assert course.seconds_left() == 15
    clock.now += 9
    assert course.seconds_left() == 14, "a step that hangs does not eat the time of the others"


def test_a_prediction_counts_at_first_and_its_own_pace_more_and_more() -> None:
    clock = Clock()
    course = Course(clock)
    course.prediction = Prediction(load=10, denoise=20, decode=5)
    assert course.seconds_left() == 35
    heard(course, clock, 4, Stage.ENCODE, 1, 3)
    assert course.seconds_left() == 31
    clock.now = 100 + 20
    assert course.seconds_left() == 25, "loading takes longer than expected"
    heard(course, clock, 10, Stage.PREPARE, 1, 1)
    heard(course, clock, 18, Stage.DENOISE, 2, 10)
    assert course.seconds_left() == pytest.approx(8 * (4 + 2) / 2 + 5)
    heard(course, clock, 50, Stage.DENOISE, 10, 10)
    assert course.seconds_left() == 5


@pytest.mark.parametrize("predicted", [None, Prediction(load=2, denoise=2, decode=2)])
def test_the_bar_never_goes_back_and_ends_full(predicted: Prediction | None) -> None:
    clock = Clock()
    course = Course(clock)
    course.prediction = predicted
    stages = {Stage.ENCODE: 3, Stage.PREPARE: 1, Stage.DENOISE: 20, Stage.DECODE: 16}
    shown = [course.fraction()]
    for stage, total in stages.items():
        for done in range(1, total + 1):
            heard(course, clock, clock.now - 100 + 0.7, stage, done, total)
            shown.append(course.fraction())
    assert shown == sorted(shown)
    assert shown[-1] == pytest.approx(1, abs=0.001)
    assert 0 < shown[2] < 0.5


def test_the_parts_of_a_clip_are_measured() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    for at, stage in ((1, Stage.ENCODE), (3, Stage.PREPARE), (5, Stage.DENOISE), (7, Stage.DENOISE), (8, Stage.DECODE)):
        clock.now = 100.0 + at
        watch.hear(Progress(stage, 1, 2, None))
    clock.now = 109.0
    assert watch.stop() == Timing(load=3, denoise=4, decode=2, cold=True)
