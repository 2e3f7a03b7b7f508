"""What a worker answers of motion."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pia_edge import sample
from pia_edge.bundle import Bundle
from pia_edge.errors import PictureError
from pia_edge.motion_copy import copy_motion as copied
from pia_edge.worker.answers.motions import copy_motion
from pia_edge.worker.picture_questions import CopyMotion


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    frames = [Image.new("RGB", (16, 16), (20 * index, 0, 0)) for index in range(8)]
    frames[0].save(tmp_path / "redder.gif", save_all=True, append_images=frames[1:], duration=100)
    return tmp_path / "redder.gif"


def test_motion_is_measured_as_the_bundle_was_trained(clip: Path) -> None:
    motion = copy_motion(CopyMotion(path=clip, num_frames=8, condition_frame=2)).motion
    statistics = Bundle.open(sample.path()).manifest.affinity_statistics
    assert motion == copied(clip, 8, 2, statistics=statistics)
    assert motion.curve is not None
    assert motion.curve[2] == 1
    assert np.ptp(motion.curve) > 0
    assert motion.copied_from is not None
    assert motion.copied_from.name == "redder.gif"


def test_what_is_no_clip_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.gif").write_text("text")
    with pytest.raises(PictureError, match=r"text\.gif"):
        copy_motion(CopyMotion(path=tmp_path / "text.gif", num_frames=4))
