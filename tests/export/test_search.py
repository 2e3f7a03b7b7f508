"""Finding recipes: the best allocation of a size, goals that are met, and goals that cannot be."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.cancel import CancelToken
from pia_edge.errors import BundleError, Cancelled, RequestError
from pia_edge.export import search as searching
from pia_edge.export.allocation import Chain
from pia_edge.export.conversion import Conversion
from pia_edge.export.parity import difference
from pia_edge.export.precision import THRESHOLDS, Precision, Threshold
from pia_edge.export.recipe import Group, Recipe, Storage
from pia_edge.export.search import Choice, Search
from pia_edge.export.storing import CHOICES, contents_of, weight_bytes
from pia_edge.export.to_openvino import convert
from pia_edge.export.trial import Quality, Trial
from pia_edge.modules import Module
from pia_edge.progress import Progress, Stage


@pytest.fixture(scope="module")
def seen() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def search(tiny: Bundle, seen: list[Progress]) -> Search:
    return Search(tiny, on_step=seen.append)


@pytest.fixture(scope="module")
def trial(tiny: Bundle) -> Trial:
    return Trial(tiny, CancelToken())


@pytest.fixture(scope="module")
def sizes(tiny: Bundle) -> dict[Precision, int]:
    """Of the whole bundle in a plain precision."""
    plain = [Recipe(precision=precision) for precision in (Precision.FP16, Precision.INT8, Precision.INT4)]
    return {recipe.precision: contents_of(tiny).num_bytes(recipe) for recipe in plain}


def test_trying_one_recipe_leaves_no_trace_in_the_next(trial: Trial) -> None:
    first = trial.measure(Recipe(precision=Precision.INT8))
    assert trial.measure(Recipe(precision=Precision.FP16)) == Quality(200.0, 200.0, 1.0, 1.0)
    assert trial.measure(Recipe(precision=Precision.INT8)) == first


def random_recipe(search: Search, saving: int, seed: int) -> Recipe:
    """Layers in random order take as few bits as they can until ``saving`` bytes are saved."""
    order = np.random.default_rng(seed).permutation(len(search.layers))
    stored = dict.fromkeys((layer.name for layer in search.layers), Storage.HALF)
    left = saving
    for index in order:
        layer = search.layers[index]
        smallest = list(layer.errors)[-1]
        if left > 0:
            stored[layer.name] = smallest
            left -= weight_bytes(layer.shape, Storage.HALF) - weight_bytes(layer.shape, smallest)
    return Recipe(precision=Precision.INT4, layers=stored)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_size_is_met_and_used_better_than_by_chance(
    share: float, tiny: Bundle, search: Search, trial: Trial, sizes: dict[Precision, int]
) -> None:
    half = dict.fromkeys((layer.name for layer in search.layers), Storage.HALF)
    most = contents_of(tiny).num_bytes(Recipe(precision=Precision.INT4, layers=half))
    goal = int(sizes[Precision.INT4] + share * (most - sizes[Precision.INT4]))
    choice = search.within(goal)
    assert goal - 0.02 * (most - sizes[Precision.INT4]) < choice.num_bytes <= goal
    assert choice.num_bytes == contents_of(tiny).num_bytes(choice.recipe)
    assert choice.quality == trial.measure(choice.recipe)
    assert choice.quality.psnr_db == pytest.approx(choice.predicted_db, abs=2)
    for seed in range(3):
        chance = random_recipe(search, most - goal, seed)
        assert trial.measure(chance).psnr_db < choice.quality.psnr_db - 3


def test_plain_precisions_are_not_better(search: Search, trial: Trial, sizes: dict[Precision, int]) -> None:
    eight = search.within(sizes[Precision.INT8])
    assert eight.num_bytes <= sizes[Precision.INT8]
    assert eight.quality.psnr_db >= trial.measure(Recipe(precision=Precision.INT8)).psnr_db
    least = search.within(sizes[Precision.INT4])
    assert least.recipe == Recipe(precision=Precision.INT4)
    assert search.within(sizes[Precision.FP16]).recipe == Recipe(precision=Precision.FP16)


@pytest.mark.parametrize(
    ("psnr_db", "claim"), [(70.0, Precision.FP16), (56.0, Precision.FP16), (45.0, "int8"), (25.0, "int4")]
)
def test_a_quality_is_reached_with_few_bytes(psnr_db: float, claim: Precision, search: Search) -> None:
    choice = search.reaching(psnr_db)
    assert choice.recipe.precision is Precision(claim)
    assert choice.quality.psnr_db >= psnr_db
    assert choice.quality.passes(THRESHOLDS[Precision(claim)])
    chain = Chain(search.layers, Storage.INT4)
    stored = {layer.name: choice.recipe.storage(Module.UNET, layer.name, layer.shape) for layer in search.layers}
    count = next(n for n in range(len(chain.moves) + 1) if chain.allocation(n) == stored)
    if count < len(chain.moves):
        less = search._tried(chain, Precision(claim), count + 1)
        # One move further, or what cannot be told from it, is not good enough any more.
        close = chain.predicted_db(count) - chain.predicted_db(count + 1) < 0.1
        assert less.quality.psnr_db < psnr_db or close
    else:
        assert choice.num_bytes == search._tried(chain, Precision(claim), count).num_bytes


def test_a_recipe_names_only_layers_that_differ(tiny: Bundle, search: Search) -> None:
    choice = search.reaching(57.0)
    plain = Recipe(precision=choice.recipe.precision)
    shapes = contents_of(tiny).shapes[Module.UNET]
    for name, storage in choice.recipe.layers.items():
        assert choice.recipe.storage(Module.UNET, name, shapes[name]) is storage
        assert plain.storage(Module.UNET, name, shapes[name]) is not storage
    counted = sum(count for group in (Group.SPATIAL, Group.TEMPORAL) for count in choice.layers[group].values())
    assert counted == len(search.layers)


def test_the_floor_of_a_search(search: Search, sizes: dict[Precision, int]) -> None:
    choice = search.within(sizes[Precision.INT8], Storage.INT8)
    assert choice.recipe == Recipe(precision=Precision.INT8)
    with pytest.raises(RequestError, match=r"the least is 3\.2 MB with layers down to int8\. .* or allow int4\."):
        search.within(sizes[Precision.INT8] - 1, Storage.INT8)


def test_progress(search: Search, seen: list[Progress]) -> None:
    del seen[8:]
    assert [(progress.stage, progress.done) for progress in seen] == [(Stage.MEASURE, n + 1) for n in range(8)]
    search.reaching(60.0)
    assert {progress.stage for progress in seen[8:]} == {Stage.SEARCH}
    assert seen[-1].done == seen[-1].total
    assert [progress.done for progress in seen[8:]] == sorted(progress.done for progress in seen[8:])


def test_the_same_search_finds_the_same_recipe(tiny: Bundle, search: Search) -> None:
    again = Search(tiny).reaching(58.0)
    assert again.recipe == search.reaching(58.0).recipe


def test_goals_out_of_reach(search: Search) -> None:
    with pytest.raises(RequestError, match=r"found 0\.0 MB; the least is 3\.2 MB with layers down to int4"):
        search.within(1000)
    with pytest.raises(RequestError, match="at least 22 dB, without which nothing is exported, found 10 dB"):
        search.reaching(10.0)
    with pytest.raises(RequestError, match="found nan dB"):
        search.reaching(float("nan"))
    with pytest.raises(RequestError, match=r"exported as fp16, found 300 dB; in half precision the UNet has 200\.0 dB"):
        search.reaching(300.0)


def test_what_no_gate_would_let_pass_is_not_found(
    search: Search, sizes: dict[Precision, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = {**THRESHOLDS, Precision.INT4: Threshold(90.0, 90.0, 0.5)}
    monkeypatch.setattr(searching, "THRESHOLDS", strict)
    with pytest.raises(RequestError, match=r"Expected at least 90 dB .* found 5\d\.\d dB, .* Ask for a larger size"):
        search.within(sizes[Precision.INT4])


def test_a_claim_is_one_that_the_gate_lets_pass(
    search: Search, sizes: dict[Precision, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "THRESHOLDS", {**THRESHOLDS, Precision.INT8: Threshold(90.0, 90.0, 0.15)})
    choice = search.within(sizes[Precision.INT8], Storage.INT8)
    assert choice.recipe.precision is Precision.INT4
    assert choice.num_bytes == sizes[Precision.INT8]


def test_only_reference_bundles(tiny: Bundle) -> None:
    onnx = replace(tiny, manifest=msgspec.structs.replace(tiny.manifest, format=Format.ONNX))
    with pytest.raises(BundleError, match="expected a reference bundle, found format onnx"):
        Search(onnx)


def test_a_search_is_stopped(tiny: Bundle) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        Search(tiny, on_step=lambda _: token.cancel(), cancel=token)


@pytest.fixture(scope="module")
def exported(tiny: Bundle, search: Search, tmp_path_factory: pytest.TempPathFactory) -> tuple[Choice, Path]:
    """A recipe that mixes all three storages, and the UNet in OpenVINO."""
    choice = search.reaching(57.5)
    assert {storage for counts in choice.layers.values() for storage in counts} == set(CHOICES)
    folder = tmp_path_factory.mktemp("exported")
    convert(Conversion(tiny, choice.recipe), Module.UNET, folder)
    return choice, folder


def test_an_export_has_the_quality_that_was_found(exported: tuple[Choice, Path], trial: Trial) -> None:
    silence_runtimes()
    import openvino

    choice, folder = exported
    core = openvino.Core()
    # OpenVINO would give matrices of 8 and 4 bits their inputs in 8 bits, which costs 0.2 dB here.
    exactly = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    compiled = core.compile_model(folder / "unet.xml", "CPU", exactly)
    found = [difference([compiled(inputs)["noise_pred"]], [expected]).psnr_db for inputs, expected in trial.run.steps]
    assert min(found) == pytest.approx(choice.quality.psnr_db, abs=0.01)
    assert min(found) >= 57.49


def test_an_export_has_the_size_that_was_found(exported: tuple[Choice, Path], tiny: Bundle) -> None:
    choice, folder = exported
    shapes = contents_of(tiny).shapes[Module.UNET]
    weights = sum(weight_bytes(shape, choice.recipe.storage(Module.UNET, n, shape)) for n, shape in shapes.items())
    tables = contents_of(tiny).other_bytes - sum(tiny.manifest.files[name].size for name in tiny.manifest.tokenizer)
    size = (folder / "unet.bin").stat().st_size
    assert size <= weights + tables < 1.1 * size
    assert (folder / "unet.xml").stat().st_size <= 4096 * len(shapes)
