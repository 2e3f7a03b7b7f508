"""Jobs cross to the child whole, with every choice of motion."""

import os
from pathlib import Path

import pytest

from pia_edge import AnimationRequest, Job, Motion
from pia_edge.errors import RequestError
from pia_edge.motion import DrivingClip
from pia_edge.worker import messages

COPIED = DrivingClip(name="wave.gif", sha256="ab" * 32)


@pytest.mark.parametrize(
    "request_of_job",
    [
        AnimationRequest(prompt="a"),
        AnimationRequest(prompt="a", prompts_at=((8, "b: c"), ("50%", "日本"))),
        AnimationRequest(prompt="a", num_frames=64, window=16, overlap=4, motion=Motion(loop=True)),
        AnimationRequest(prompt="a", motion=Motion(keyframes=((0, 1.0), ("12.5%", 0.5)))),
        AnimationRequest(prompt="a", motion=Motion(curve=(1.0, 1 / 3), stretch=True, copied_from=COPIED)),
    ],
)
def test_every_request_crosses(request_of_job: AnimationRequest) -> None:
    strange = Path(os.fsdecode(b"caf\xe9.png"))
    for last_picture in (None, strange, Path("b.png")):
        job = Job(picture=strange, request=request_of_job, output=Path("clip.gif"), last_picture=last_picture)
        sent = messages.Animate(3, job)
        assert messages.decode_request(messages.encode(sent)) == sent


def test_a_driving_clip_crosses_and_leaves_no_room_for_another_motion() -> None:
    job = Job(
        picture=Path("a.png"),
        request=AnimationRequest(prompt="a"),
        output=Path("clip.gif"),
        motion_from=Path("wave.gif"),
    )
    sent = messages.Animate(3, job)
    assert messages.decode_request(messages.encode(sent)) == sent
    assert job.inputs() == (Path("a.png"), Path("wave.gif"))
    with pytest.raises(RequestError, match=r"copied from 'wave.gif' and stated as well"):
        Job(
            picture=Path("a.png"),
            request=AnimationRequest(prompt="a", motion=Motion(loop=True)),
            output=Path("clip.gif"),
            motion_from=Path("wave.gif"),
        )
