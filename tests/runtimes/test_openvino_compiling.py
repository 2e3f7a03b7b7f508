"""What OpenVINO compiled is found again, and nothing that goes wrong with it costs a clip."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format
from pia_edge.export import Precision, Recipe, export
from pia_edge.export.parity import example_inputs
from pia_edge.modules import Module
from pia_edge.runtimes import openvino_compiling
from pia_edge.runtimes.intel import Intel
from pia_edge.runtimes.openvino_compiling import Compiled, Compiler


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that OpenVINO compiled."""
    found: list[str] = []
    real = Compiler._compiled

    def counted(self: Compiler, make: Callable[[], Any]) -> Compiled:
        found.append(self.key["module"])
        return real(self, make)

    monkeypatch.setattr(Compiler, "_compiled", counted)
    return found


@pytest.fixture(scope="module")
def half(tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The tiny bundle in 16 bits."""
    path = tmp_path_factory.mktemp("half") / "bundle"
    return export(tiny, path, target=Format.OPENVINO, recipe=Recipe(precision=Precision.FP16))


def entries(home: Path) -> list[Path]:
    return list(home.glob("compiled/*/entry.json"))


def run(tiny: Bundle, bundle: Bundle, *, height: int = 8, exact: bool = False) -> tuple[Array, ...]:
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=height, width=8, seed=0)
    return Intel().load(bundle, Module.UNET, exact=exact).infer(**inputs)


def test_the_second_start_compiles_nothing(
    home: Path, compiled: list[str], tiny: Bundle, tiny_openvino: Bundle, tiny_onnx: Bundle
) -> None:
    first = run(tiny, tiny_openvino)
    for _ in range(2):
        np.testing.assert_array_equal(run(tiny, tiny_openvino)[0], first[0])
    assert compiled == ["unet"]
    run(tiny, tiny_openvino, height=6)
    run(tiny, tiny_onnx)
    assert len(compiled) == len(entries(home)) == 3, "other shapes and other bundles have their own"


def test_proofs_are_of_what_is_compiled_now(
    home: Path, compiled: list[str], tiny: Bundle, tiny_openvino: Bundle
) -> None:
    run(tiny, tiny_openvino, exact=True)
    run(tiny, tiny_openvino, exact=True)
    assert compiled == ["unet", "unet"]
    assert entries(home) == []


def test_what_is_damaged_or_refused_is_compiled_anew(
    home: Path, compiled: list[str], tiny: Bundle, tiny_openvino: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(tiny, tiny_openvino)
    (blob,) = home.glob("compiled/*/*.blob")
    blob.write_bytes(b"\0" * blob.stat().st_size)
    np.testing.assert_array_equal(run(tiny, tiny_openvino)[0], first[0])
    assert compiled == ["unet", "unet"]
    with monkeypatch.context() as patch:

        def refuse(_self: Compiler, _blob: Path) -> Compiled:
            raise RuntimeError("Blob is missing NPU metadata!")

        patch.setattr(Compiler, "_imported", refuse)
        np.testing.assert_allclose(run(tiny, tiny_openvino)[0], first[0], rtol=0, atol=1e-5)
    assert entries(home) == []
    assert compiled == ["unet"] * 3
    run(tiny, tiny_openvino)
    run(tiny, tiny_openvino)
    assert compiled == ["unet"] * 4


def test_a_cache_that_cannot_be_written_costs_time_alone(
    home: Path, compiled: list[str], tiny: Bundle, tiny_openvino: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_bytes(b"")
    monkeypatch.setenv("PIA_EDGE_HOME", str(home / "file"))
    first = run(tiny, tiny_openvino)
    np.testing.assert_array_equal(run(tiny, tiny_openvino)[0], first[0])
    assert compiled == ["unet", "unet"]


def test_of_large_modules_the_weights_are_kept_for_all_sizes(
    home: Path, compiled: list[str], tiny: Bundle, half: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = run(tiny, half)[0]
    monkeypatch.setattr(openvino_compiling, "_LARGEST_ON_CPU", 1000)
    before = set(entries(home))
    first = run(tiny, half)
    assert np.abs(first[0] - usual).max() < 0.03 * np.abs(usual).max(), "the weights are the same"
    np.testing.assert_array_equal(run(tiny, half)[0], first[0])
    run(tiny, half, height=6)
    assert compiled == ["unet"] * 4
    (kept,) = set(entries(home)) - before
    (kept.parent / "weights.bin").write_bytes(b"")
    np.testing.assert_array_equal(run(tiny, half)[0], first[0])


def test_a_disk_that_is_full_costs_no_clip(
    home: Path, tiny: Bundle, half: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_compiling, "_LARGEST_ON_CPU", 1000)
    home.joinpath("compiled").write_text("in the way")
    assert np.isfinite(run(tiny, half)[0]).all()


def test_the_memory_of_a_blob_lives_as_long_as_its_module(tiny: Bundle, tiny_openvino: Bundle) -> None:
    inputs = example_inputs(tiny, Module.UNET, frames=3, height=8, width=8, seed=0)
    run(tiny, tiny_openvino)
    session = Intel().load(tiny_openvino, Module.UNET)
    first = session.infer(**inputs)
    filled = [np.full(2**20, 255, np.uint8) for _ in range(64)]
    np.testing.assert_array_equal(session.infer(**inputs)[0], first[0])
    assert len(filled) == 64
