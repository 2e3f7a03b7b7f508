"""What a storage makes of a weight: which it may have, and how many bytes a bundle takes."""

import numpy as np
import pytest

from pia_edge.bundle import Bundle
from pia_edge.export.precision import Precision
from pia_edge.export.recipe import Recipe, Shape, Storage
from pia_edge.export.storing import CHOICES, contents_of, restored, storages_of, weight_bytes
from pia_edge.modules import MODULES


@pytest.mark.parametrize(
    ("name", "shape", "expected"),
    [
        ("up_blocks.1.attentions.0.proj_in.weight", (320, 320), CHOICES),
        ("up_blocks.1.resnets.0.conv1.weight", (320, 320, 3, 3), CHOICES[:2]),
        ("up_blocks.1.resnets.0.conv1.bias", (8192,), CHOICES[:1]),
        ("conv_in.weight", (320, 4, 3, 3), CHOICES[:1]),
        ("up_blocks.1.small.weight", (32, 64), CHOICES[:1]),
    ],
)
def test_storages(name: str, shape: Shape, expected: tuple[Storage, ...]) -> None:
    assert storages_of(name, shape) == expected


def test_palettes_are_for_exporters_that_have_them() -> None:
    with pytest.raises(ValueError, match="palette6"):
        restored(np.zeros((2, 64), np.float32), Storage.PALETTE6)
    # Six bits a value, and two tables of 64 float16 numbers for groups of 16 output channels.
    assert weight_bytes((32, 64), Storage.PALETTE6) == 32 * 64 * 6 // 8 + 2 * 64 * 2


def test_whole_bundles_are_not_larger_than_said(tiny: Bundle, tiny_openvino: Bundle, tiny_onnx: Bundle) -> None:
    most = contents_of(tiny).num_bytes(Recipe(precision=Precision.FP32))
    for bundle in (tiny_openvino, tiny_onnx):
        assert sum(file.size for file in bundle.manifest.files.values()) <= most
    assert contents_of(tiny).shapes.keys() == MODULES.keys()
