"""Recipes: what a precision means for each weight, and what a file may change."""

from pathlib import Path

import pytest

from pia_edge.errors import RequestError
from pia_edge.export.precision import THRESHOLDS, Precision
from pia_edge.export.recipe import Group, Recipe, Storage, group_of
from pia_edge.export.recipe_file import make_recipe
from pia_edge.modules import MODULES, Module

LINEAR = (320, 320)
CONVOLUTION = (320, 320, 3, 3)


@pytest.mark.parametrize(
    ("module", "name", "shape", "expected"),
    [
        (Module.UNET, "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight", LINEAR, "int4"),
        (Module.UNET, "down_blocks.0.resnets.0.conv1.weight", CONVOLUTION, "int8"),
        (Module.UNET, "up_blocks.1.motion_modules.0.proj_in.weight", LINEAR, "int4"),
        (Module.UNET, "conv_in.weight", (320, 4, 3, 3), "half"),
        (Module.UNET, "conv_out.weight", (4, 320, 3, 3), "half"),
        (Module.UNET, "time_embedding.linear_1.weight", (1280, 320), "half"),
        (Module.UNET, "down_blocks.0.resnets.0.norm1.weight", (320,), "half"),
        (Module.UNET, "down_blocks.0.resnets.0.time_emb_proj.weight", (320, 1270), "int8"),
        (Module.CONDITION, "weight", (320, 5, 3, 3), "half"),
        (Module.TEXT_ENCODER, "clip.text_model.encoder.layers.0.mlp.fc1.weight", (3072, 768), "int8"),
        (Module.VAE_DECODER, "decoder.conv_in.weight", (512, 4, 3, 3), "half"),
    ],
)
def test_int4(module: Module, name: str, shape: tuple[int, ...], expected: str) -> None:
    assert Recipe(precision=Precision.INT4).storage(module, name, shape) == expected


def test_palettes_of_4_bits_are_for_matrices() -> None:
    plain, asked = Recipe(precision=Precision.PALETTE4), {"a.": Storage.PALETTE4}
    assert plain.storage(Module.UNET, "a.weight", LINEAR) is Storage.PALETTE4
    assert plain.storage(Module.UNET, "a.weight", CONVOLUTION) is Storage.PALETTE6
    explicit = Recipe(precision=Precision.PALETTE4, layers=asked)
    assert explicit.storage(Module.UNET, "a.weight", CONVOLUTION) is Storage.PALETTE4


def test_full_precision_touches_nothing() -> None:
    recipe = Recipe(precision=Precision.FP32)
    assert {recipe.storage(module, "a.weight", LINEAR) for module in MODULES} == {Storage.EXACT}


def test_the_longest_beginning_counts() -> None:
    recipe = Recipe(
        precision=Precision.INT8,
        layers={"up_blocks.": Storage.INT4, "up_blocks.3.": Storage.HALF, "conv_in.": Storage.INT8},
    )
    found = [
        recipe.storage(Module.UNET, f"{start}.weight", LINEAR)
        for start in ("up_blocks.1.a", "up_blocks.3.a", "down_blocks.0.a", "conv_in.a")
    ]
    assert found == ["int4", "half", "int8", "int8"]


def test_groups() -> None:
    assert group_of(Module.UNET, "down_blocks.0.motion_modules.1.norm.weight") is Group.TEMPORAL
    assert group_of(Module.VAE_ENCODER, "x") is Group.VAE


def test_every_precision_has_its_limits() -> None:
    assert THRESHOLDS.keys() == set(Precision)
    by_drift = sorted(THRESHOLDS.values(), key=lambda threshold: threshold.largest_drift)
    decibels = [threshold.minimum_db for threshold in by_drift]
    assert decibels == sorted(decibels, reverse=True), "what may drift further may also be further off"


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    file.write_text('{"precision": "int8", "layers": {"up_blocks.3.": "half"}}')
    assert make_recipe(None, file) == Recipe(precision=Precision.INT8, layers={"up_blocks.3.": Storage.HALF})
    assert make_recipe("int8", file).precision is Precision.INT8
    assert make_recipe(None, None) == Recipe(precision=Precision.FP16)
    with pytest.raises(RequestError, match="expected a recipe of fp16"):
        make_recipe("fp16", file)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"precision": "int3"}', '{"precision": "int8", "layers": {"a": "int2"}}', '{"layers": {}}']
)
def test_no_recipe(content: str, tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    file.write_text(content)
    with pytest.raises(RequestError, match="expected a recipe such as"):
        make_recipe(None, file)
    with pytest.raises(RequestError, match="No such file"):
        make_recipe(None, tmp_path / "missing.json")
