"""From a recipe back to settings: what was chosen for a clip becomes what is chosen for the next one."""

from pathlib import Path

from pia_edge.bundle.names import SAMPLE
from pia_edge.clip import Recipe
from pia_edge.decoding import Decoder
from pia_edge.gui.model.draft import DraftState


def recalled(
    recipe: Recipe, picture: Path | None, last_picture: Path | None = None, bundle: str | None = None
) -> DraftState:
    """Return the settings with which the clip of ``recipe`` is made once more.

    The device is left to this machine, and so are windows, which follow from the length of the clip.

    Args:
        recipe: that of the clip.
        picture: what it was made from, if it was found.
        last_picture: what it ended with, likewise.
        bundle: as it was chosen then; None for the one that has the name in the recipe.

    Raises:
        RequestError: the recipe asks for something that this version does not know.
    """
    request = recipe.request()
    names = set(DraftState.__struct_fields__) & set(request.__struct_fields__)
    return DraftState(
        **{name: getattr(request, name) for name in names},
        picture=picture,
        last_picture=last_picture,
        ping_pong=recipe.ping_pong,
        interpolate=recipe.interpolated,
        bundle=bundle or (None if recipe.bundle_name == SAMPLE else recipe.bundle_name),
        decoder=Decoder.TINY if recipe.decoder == Decoder.TINY else Decoder.FULL,
    )
