"""What a job would do, as a child answers it."""

from pathlib import Path

import pytest

from pia_edge import AnimationRequest, Job, errors
from pia_edge.bundle import Bundle
from pia_edge.worker.answers import plans
from pia_edge.worker.messages import Answered, Ask, decode_answer, decode_request, encode
from pia_edge.worker.plan_questions import PlanJob


def job_of(bundle: Bundle, picture: Path, output: Path, num_frames: int = 2) -> Job:
    request = AnimationRequest(prompt="a cat " * 100, num_frames=num_frames, num_inference_steps=3)
    return Job(picture=picture, request=request, output=output, bundle=str(bundle.path), backend="cpu")


def test_the_plan_says_all_that_is_decided(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    asked = PlanJob(job_of(tiny_onnx, picture_file, tmp_path / "clip.apng", 40))
    plan = plans.plan(asked).plan
    assert (plan.backend, plan.device, plan.bundle_sha256) == ("cpu", "CPU", tiny_onnx.sha256)
    assert (plan.frames, plan.width, plan.height, plan.window, plan.windows) == (40, 32, 24, 16, 3)
    assert plan.unet_calls == 2 * 3 * 3
    assert plan.fits
    assert plan.peak_memory == max((plan.memory or {}).values())
    assert [note.split(":")[0] for note in plan.notes[-2:]] == [
        "the prompt is too long",
        "the clip is made in 3 windows of 16 frames",
    ]
    assert list(tmp_path.iterdir()) == []


def test_memory_that_the_clips_process_has_counts_as_free(
    tiny_onnx: Bundle, picture_file: Path, tmp_path: Path
) -> None:
    job = job_of(tiny_onnx, picture_file, tmp_path / "clip.apng")
    much = plans.plan(PlanJob(job, held=2**40)).plan
    assert much.free_memory > 2**40
    assert plans.plan(PlanJob(job)).plan.free_memory < 2**40


def test_question_and_answer_cross(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    question = PlanJob(job_of(tiny_onnx, picture_file, tmp_path / "clip.apng"), 3)
    assert decode_request(encode(Ask(1, question))) == Ask(1, question)
    answer = Answered(1, plans.plan(question))
    assert decode_answer(encode(answer)) == answer


def test_what_cannot_be_done_is_a_sentence(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.PictureError):
        plans.plan(PlanJob(job_of(tiny_onnx, tmp_path / "none.png", tmp_path / "clip.apng")))
    with pytest.raises(errors.OutputError, match="no such folder"):
        plans.plan(PlanJob(job_of(tiny_onnx, picture_file, tmp_path / "none" / "clip.apng")))
    with pytest.raises(errors.BundleError):
        plans.plan(
            PlanJob(Job(picture=picture_file, request=AnimationRequest(prompt="a"), output=tmp_path, bundle="none"))
        )
