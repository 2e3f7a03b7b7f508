"""A recipe in the user's words: what stands beside a clip."""

from PySide6.QtCore import QCoreApplication, QLocale

from pia_edge.clip import Recipe
from pia_edge.clip.timing import frames_played
from pia_edge.motion import Level, Motion

translate = QCoreApplication.translate


def recipe_words(recipe: Recipe) -> list[tuple[str, str]]:
    """Return what a clip was made from, as names and values to be shown one below the other."""
    steps = translate("RecipeWords", "{0} steps with {1}").format(recipe.num_inference_steps, recipe.scheduler)
    played = frames_played(recipe)
    length = translate("RecipeWords", "{0} frames, {1} a second: {2} s").format(
        played, _number(recipe.rate), QLocale().toString(played / recipe.rate, "f", 1)
    )
    words = [
        (translate("RecipeWords", "Prompt"), recipe.prompt),
        *(
            (translate("RecipeWords", "From {0}").format(_position(position)), prompt)
            for position, prompt in recipe.prompts_at
        ),
        (translate("RecipeWords", "Without"), recipe.negative_prompt),
        (translate("RecipeWords", "Picture"), recipe.picture_name),
        (translate("RecipeWords", "Ends with"), recipe.last_picture_name),
        (translate("RecipeWords", "Motion"), motion_words(recipe.motion)),
        (translate("RecipeWords", "Length"), length),
        (
            translate("RecipeWords", "Played"),
            translate("RecipeWords", "forwards and backwards") if recipe.ping_pong else "",
        ),
        (translate("RecipeWords", "Size"), f"{recipe.width} × {recipe.height}"),
        (translate("RecipeWords", "Seed"), str(recipe.seed)),
        (translate("RecipeWords", "Steps"), steps),
        (translate("RecipeWords", "Guidance"), _number(recipe.guidance_scale)),
        (translate("RecipeWords", "Model"), " ".join(filter(None, [recipe.bundle_name, recipe.precision]))),
        (translate("RecipeWords", "Made on"), " ".join(filter(None, [recipe.backend, recipe.device]))),
    ]
    return [(name, value) for name, value in words if value]


def motion_words(motion: Motion) -> str:
    """Return a motion in words."""
    if motion.copied_from is not None:
        return translate("RecipeWords", "copied from {0}").format(motion.copied_from.name)
    if not motion.named:
        return translate("RecipeWords", "drawn by hand")
    level = {
        Level.SMALL: translate("RecipeWords", "small"),
        Level.MEDIUM: translate("RecipeWords", "medium"),
        Level.LARGE: translate("RecipeWords", "large"),
    }[motion.level]
    if motion.loop:
        return translate("RecipeWords", "{0}, as a loop").format(level)
    return translate("RecipeWords", "{0}, as a change of style").format(level) if motion.style_transfer else level


def _number(value: float) -> str:
    return QLocale().toString(value, "g", 4)


def _position(position: int | str) -> str:
    return translate("RecipeWords", "frame {0}").format(position + 1) if isinstance(position, int) else position
