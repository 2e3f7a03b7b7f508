"""What a manifest may say of the scheduler."""

import msgspec
import numpy as np
import pytest

from pia_edge.errors import BundleError
from pia_edge.request import SchedulerName
from pia_edge.schedulers import SCHEDULERS, SchedulerConfig, open_walk
from pia_edge.schedulers.ddim import Ddim

MANIFESTS = [
    ('{"name":"exec"}', "name: expected one of ddim, euler, euler_ancestral, dpm_solver, lcm"),
    ('{"num_train_timesteps":0}', "num_train_timesteps"),
    ('{"beta_start":0}', "beta_start"),
    ('{"beta_start":0.5,"beta_end":0.1}', "beta_end"),
    ('{"beta_end":1}', "beta_end"),
    ('{"steps_offset":1000}', "steps_offset"),
    ('{"rescale_zero_terminal_snr":true}', "v_prediction"),
]


@pytest.mark.parametrize(("manifest", "message"), MANIFESTS)
def test_impossible_schedules_are_refused(manifest: str, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        msgspec.json.decode(manifest, type=SchedulerConfig)


def test_choices_are_checked_without_a_manifest() -> None:
    with pytest.raises(BundleError, match="beta_schedule: expected one of linear, scaled_linear"):
        SchedulerConfig(beta_schedule="cosine")  # type: ignore[arg-type]


def test_config_survives_the_manifest() -> None:
    config = SchedulerConfig(beta_schedule="scaled_linear", timestep_spacing="trailing")
    assert msgspec.json.decode(msgspec.json.encode(config), type=SchedulerConfig) == config
    assert isinstance(open_walk(config, 25, np.random.default_rng(0)), Ddim)


def test_every_name_has_a_scheduler() -> None:
    assert set(SCHEDULERS) == set(SchedulerName)
