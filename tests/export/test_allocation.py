"""Allocations: each is the best of its size, and sizes between two of them are filled."""

from itertools import product

import numpy as np
import pytest

from pia_edge.export.allocation import Chain, decibels
from pia_edge.export.recipe import Storage
from pia_edge.export.sensitivity import Layer
from pia_edge.export.storing import CHOICES, weight_bytes


def drawn_layers(count: int) -> list[Layer]:
    random = np.random.default_rng(3)
    layers = []
    for number in range(count):
        shape = (64, 64 * int(random.integers(1, 9)))
        level = 10.0 ** random.uniform(-9, -5)
        errors = [np.full(2, level * factor) for factor in (0.0, 1.0, 10.0 ** random.uniform(-0.1, 3))]
        layers.append(Layer(f"layer{number}.weight", shape, dict(zip(CHOICES, errors, strict=True))))
    return layers


def cost(layers: list[Layer], storages: tuple[Storage, ...]) -> tuple[int, float]:
    """Bytes and error."""
    pairs = list(zip(layers, storages, strict=True))
    size = sum(weight_bytes(layer.shape, storage) for layer, storage in pairs)
    return size, sum(float(layer.errors[storage].mean()) for layer, storage in pairs)


def test_every_allocation_of_the_chain_is_the_best_of_its_size() -> None:
    layers = drawn_layers(6)
    chain = Chain(layers, Storage.INT4)
    every = [cost(layers, storages) for storages in product(CHOICES, repeat=6)]
    assert len(chain.moves) > 6
    for count in range(len(chain.moves) + 1):
        size, error = cost(layers, tuple(chain.allocation(count).values()))
        least = min(other for bytes_, other in every if bytes_ <= size)
        assert error == pytest.approx(least, rel=1e-9)
        assert chain.predicted_db(count) == pytest.approx(decibels(np.array([error])))


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.9])
def test_a_size_between_two_allocations_is_filled(share: float) -> None:
    layers = drawn_layers(6)
    chain = Chain(layers, Storage.INT4)
    full = cost(layers, (Storage.HALF,) * 6)[0]
    saving = int(share * (full - cost(layers, (Storage.INT4,) * 6)[0]))
    found = chain.fit(saving)
    assert found is not None
    storages = tuple(found[0].values())
    size, error = cost(layers, storages)
    assert size <= full - saving
    assert found[1] == pytest.approx(decibels(np.array([error])))
    every = [cost(layers, other) for other in product(CHOICES, repeat=6)]
    assert error <= 3 * min(other for bytes_, other in every if bytes_ <= full - saving)
    for index, storage in enumerate(storages):
        if storage is not Storage.HALF:
            larger = (*storages[:index], CHOICES[CHOICES.index(storage) - 1], *storages[index + 1 :])
            assert cost(layers, larger)[0] > full - saving or cost(layers, larger)[1] >= error * 0.999


def test_the_floor_is_kept() -> None:
    chain = Chain(drawn_layers(6), Storage.INT8)
    assert set(chain.allocation(len(chain.moves)).values()) == {Storage.INT8}
    assert chain.fit(10**9) is None
