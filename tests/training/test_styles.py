"""The looks: what they keep of a picture and what they take from it."""

import pytest
import torch

from pia_edge.training.pictures import Pictures
from pia_edge.training.styles import Style, styled


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """A red disc on green, and a grey ramp."""
    line = torch.arange(48) - 23.5
    disc = (line[:, None] ** 2 + line[None] ** 2 < 225).float()
    first = torch.stack([disc, 1 - disc, torch.zeros_like(disc)])
    ramp = torch.linspace(0, 1, 48).expand(3, 48, 48)
    canvases = (torch.stack([first, ramp]) * 255).to(torch.uint8)
    return Pictures(canvases=canvases, captions=["a disc", "a ramp"], provenance={})


@pytest.mark.parametrize("style", list(Style))
def test_shapes_and_captions(pictures: Pictures, style: Style) -> None:
    found = styled(pictures, style)
    assert found.canvases.shape == pictures.canvases.shape
    assert found.canvases.dtype == torch.uint8
    assert found.captions == [f"{caption}, {style.words}" for caption in pictures.captions]


def test_line_art_has_dark_lines_at_edges_alone(pictures: Pictures) -> None:
    light = styled(pictures, Style.LINE_ART).canvases.float().mean(1)
    disc, ramp = light
    assert disc[24, 5:10].min() < 90, "the disc's outline is ink"
    assert disc[24, 20:28].min() > 150, "inside there is paper"
    assert ramp[5:-5, 5:-5].min() > 130, "a ramp has no edge"


def test_the_night_palette_keeps_the_order_of_light(pictures: Pictures) -> None:
    ramp = styled(pictures, Style.NIGHT_PALETTE).canvases[1].float()
    assert (ramp.mean(0)[24].diff() >= -1).all()
    dark, bright = ramp[:, 24, 4], ramp[:, 24, -4]
    assert dark[2] > dark[0], "shadows are blue"
    assert bright[0] > bright[2], "lights are warm"
