"""DDIM against the paper's own run."""

import numpy as np

from pia_edge.schedulers import SchedulerConfig, guide, open_walk
from tests import reference
from tests.schedulers.test_walks import relative


def test_the_paper_walks_these_timesteps() -> None:
    timesteps = open_walk(SchedulerConfig(), 25, np.random.default_rng(0)).timesteps
    assert timesteps.tolist() == list(range(961, 0, -40))


def test_ddim_repeats_the_papers_run() -> None:
    run = reference.arrays("pipeline")
    before = run["init_latents"]
    walk = open_walk(SchedulerConfig(), len(run["timesteps"]), np.random.default_rng(0))
    np.testing.assert_array_equal(walk.timesteps, run["timesteps"])
    for index, (noise_pred, after) in enumerate(zip(run["noise_pred"], run["latents"], strict=True)):
        found = walk.step(index, guide(noise_pred, 7.5), before).latents
        assert relative(found, after) < 1e-6
        before = after
