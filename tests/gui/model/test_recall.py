"""Settings from recipes, and recipes in words."""

from pathlib import Path

import pytest

from pia_edge.errors import RequestError
from pia_edge.gui.model.recall import recalled
from pia_edge.gui.model.recipe_words import motion_words, recipe_words
from pia_edge.motion import DrivingClip, Level, Motion
from pia_edge.request import SchedulerName
from tests.clip.examples import make_recipe


def test_the_same_clip_is_asked_for_again() -> None:
    recipe = make_recipe(
        affinity=(1.0,) * 3, size_given=True, guidance_interval=(0.1, 0.9), prompts_at=((1, "b"),), ping_pong=True
    )
    state = recalled(recipe, Path("boat.png"), Path("end.png"))
    asked, was = state.request(), recipe.request()
    assert asked == was
    assert (state.picture, state.last_picture, state.ping_pong) == (Path("boat.png"), Path("end.png"), True)
    assert state.scheduler is SchedulerName.DDIM
    assert state.bundle is None


def test_bundles_by_name_or_as_they_were_chosen() -> None:
    assert recalled(make_recipe(bundle_name="mine"), None).bundle == "mine"
    assert recalled(make_recipe(bundle_name="mine"), None, bundle="/models/mine").bundle == "/models/mine"


def test_what_this_version_does_not_know() -> None:
    with pytest.raises(RequestError, match="scheduler"):
        recalled(make_recipe(scheduler="heun"), None)


def test_a_recipe_in_words() -> None:
    words = dict(recipe_words(make_recipe(picture_name="boat.png", prompts_at=((1, "night"),), ping_pong=True)))
    assert words["Prompt"] == "a bear"
    assert words["From frame 2"] == "night"
    assert words["Without"] == "blurred"
    assert words["Seed"] == str(2**63 - 1)
    assert words["Length"] == "4 frames, 8 a second: 0.5 s"
    assert words["Motion"] == "large, as a loop"
    assert words["Steps"] == "25 steps with ddim"
    assert "Ends with" not in words


@pytest.mark.parametrize(
    ("motion", "words"),
    [
        (Motion(), "medium"),
        (Motion(level=Level.SMALL, style_transfer=True), "small, as a change of style"),
        (Motion(curve=(1.0, 0.5)), "drawn by hand"),
        (Motion(curve=(1.0,), copied_from=DrivingClip(name="wave.gif", sha256="0" * 64)), "copied from wave.gif"),
    ],
)
def test_motions_in_words(motion: Motion, words: str) -> None:
    assert motion_words(motion) == words
