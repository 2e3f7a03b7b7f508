"""What a worker answers of a bundle's limits."""

import pytest

from pia_edge import Bundle
from pia_edge.errors import BundleError
from pia_edge.request import SchedulerName
from pia_edge.worker.answers.limits import find_limits
from pia_edge.worker.picture_questions import FindLimits


def test_the_limits_are_those_of_the_manifest(tiny: Bundle, tiny_and_decoder: Bundle) -> None:
    found = find_limits(FindLimits(str(tiny.path)))
    manifest = tiny.manifest
    assert (found.name, found.sizes, found.frames, found.clips) == (
        manifest.name,
        manifest.sizes,
        manifest.frames,
        manifest.clips,
    )
    assert found.num_inference_steps == manifest.defaults.num_inference_steps
    assert found.scheduler is SchedulerName.DDIM
    assert found.second_picture
    assert not found.tiny_decoder
    assert find_limits(FindLimits(str(tiny_and_decoder.path))).tiny_decoder


def test_the_sample_is_meant_where_none_is_named() -> None:
    assert find_limits(FindLimits()).name == "sample"


def test_there_is_a_sentence_where_there_is_no_bundle() -> None:
    with pytest.raises(BundleError, match="nowhere"):
        find_limits(FindLimits("nowhere"))
