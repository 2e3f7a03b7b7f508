"""What targets take: known before any work is done."""

from dataclasses import replace

import msgspec
import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import ClipSize, Format, Sizes
from pia_edge.errors import RequestError
from pia_edge.export import TARGETS, Precision, Recipe
from pia_edge.export.recipe import Storage

FP16 = Recipe(precision=Precision.FP16)
USUAL = ClipSize(frames=16, width=64, height=64)
WIDE = ClipSize(frames=8, width=128, height=64)


def test_every_format_but_the_reference_is_a_target() -> None:
    assert set(TARGETS) == set(Format) - {Format.TORCH}
    assert all(target.name is name for name, target in TARGETS.items())


@pytest.mark.parametrize("target", TARGETS)
def test_sizes(target: Format, tiny: Bundle) -> None:
    """Core ML has sizes always, and several; the others one or none."""
    fixed = target is Format.COREML
    assert TARGETS[target].accepted(tiny, FP16, ()) == ((USUAL,) if fixed else ())
    assert TARGETS[target].accepted(tiny, FP16, (WIDE,)) == (WIDE,)
    if fixed:
        assert TARGETS[target].accepted(tiny, FP16, (WIDE, USUAL)) == (WIDE, USUAL)
    else:
        with pytest.raises(RequestError, match="expected one size, or none for all sizes, found 2"):
            TARGETS[target].accepted(tiny, FP16, (WIDE, USUAL))


@pytest.mark.parametrize(
    "clip",
    [
        ClipSize(frames=33, width=64, height=64),
        ClipSize(frames=16, width=60, height=64),
        ClipSize(frames=16, width=64, height=8),
        ClipSize(frames=16, width=264, height=64),
    ],
)
def test_sizes_that_the_bundle_does_not_have(clip: ClipSize, tiny: Bundle) -> None:
    with pytest.raises(RequestError, match="Expected at most 32 frames, and edges from 16 to 256"):
        TARGETS[Format.ONNX].accepted(tiny, FP16, (clip,))


def test_sizes_that_the_neural_engine_refuses(tiny: Bundle) -> None:
    manifest = msgspec.structs.replace(tiny.manifest, sizes=Sizes())
    large = replace(tiny, manifest=manifest)
    target = TARGETS[Format.COREML]
    largest, beyond = (ClipSize(frames=8, width=width, height=512) for width in (512, 520))
    assert target.accepted(large, FP16, (largest,)) == (largest,)
    with pytest.raises(RequestError, match="coreml: expected at most 262144 pixels a frame, found 520x512"):
        target.accepted(large, FP16, (beyond,))
    assert TARGETS[Format.ONNX].accepted(large, FP16, (beyond,)) == (beyond,)


@pytest.mark.parametrize("precision", Precision)
def test_precisions(precision: Precision, tiny: Bundle) -> None:
    """Palettes are for Core ML alone; everything else is for all."""
    for target in TARGETS.values():
        if precision.startswith("palette") and target.name is not Format.COREML:
            with pytest.raises(
                RequestError, match=f"{target.name}: expected weights stored as exact, half, int4, int8"
            ):
                target.accepted(tiny, Recipe(precision=precision), ())
        else:
            target.accepted(tiny, Recipe(precision=precision), ())
    layers = Recipe(precision=Precision.INT8, layers={"up_blocks.": Storage.PALETTE4})
    with pytest.raises(RequestError, match="found palette4"):
        TARGETS[Format.OPENVINO].accepted(tiny, layers, ())
