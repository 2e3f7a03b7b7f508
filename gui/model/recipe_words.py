"""A recipe in the user's words: what stands beside a clip."""

from PySide6.QtCore import QCoreApplication, QLocale

from pia_edge.clip import Recipe
from pia_edge.clip.timing import frames_played
from pia_edge.motion import Level, Motion


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecipeWords", text)


def recipe_words(recipe: Recipe) -> list[tuple[str, str]]:
    """Return what a clip was made from, as names and values to be shown one below the other."""
    steps = _tr("{0} steps with {1}").format(recipe.num_inference_steps, recipe.scheduler)
    played = frames_played(recipe)
    length = _tr("{0} frames, {1} a second: {2} s").format(
        played, _number(recipe.rate), QLocale().toString(played / recipe.rate, "f", 1)
    )
    words = [
        (_tr("Prompt"), recipe.prompt),
        *((_tr("From {0}").format(_position(position)), prompt) for position, prompt in recipe.prompts_at),
        (_tr("Without"), recipe.negative_prompt),
        (_tr("Picture"), recipe.picture_name),
        (_tr("Ends with"), recipe.last_picture_name),
        (_tr("Motion"), motion_words(recipe.motion)),
        (_tr("Length"), length),
        (_tr("Played"), _tr("forwards and backwards") if recipe.ping_pong else ""),
        (_tr("Size"), f"{recipe.width} × {recipe.height}"),
        (_tr("Seed"), str(recipe.seed)),
        (_tr("Steps"), steps),
        (_tr("Guidance"), _number(recipe.guidance_scale)),
        (_tr("Model"), " ".join(filter(None, [recipe.bundle_name, recipe.precision]))),
        (_tr("Made on"), " ".join(filter(None, [recipe.backend, recipe.device]))),
    ]
    return [(name, value) for name, value in words if value]


def motion_words(motion: Motion) -> str:
    """Return a motion in words."""
    if motion.copied_from is not None:
        return _tr("copied from {0}").format(motion.copied_from.name)
    if not motion.named:
        return _tr("drawn by hand")
    level = {Level.SMALL: _tr("small"), Level.MEDIUM: _tr("medium"), Level.LARGE: _tr("large")}[motion.level]
    if motion.loop:
        return _tr("{0}, as a loop").format(level)
    return _tr("{0}, as a change of style").format(level) if motion.style_transfer else level


def _number(value: float) -> str:
    return QLocale().toString(value, "g", 4)


def _position(position: int | str) -> str:
    return _tr("frame {0}").format(position + 1) if isinstance(position, int) else position
