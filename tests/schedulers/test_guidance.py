"""Classifier-free guidance."""

import numpy as np
import pytest

from pia_edge.errors import BackendError
from pia_edge.schedulers import guide
from tests.schedulers.theirs import SHAPE


def test_guidance_goes_beyond_the_prompt_in_single_precision() -> None:
    without = np.full(SHAPE, 0.5, dtype=np.float16)
    guided = guide(np.concatenate([without, without + 1]), 7.5)
    assert guided.dtype == np.float32
    np.testing.assert_array_equal(guided, np.full(SHAPE, 8.0))


def test_guidance_needs_both_predictions() -> None:
    with pytest.raises(BackendError, match="batch of 2"):
        guide(np.zeros(SHAPE, dtype=np.float32), 7.5)
