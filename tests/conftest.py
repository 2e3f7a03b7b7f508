"""What many tests share: the small bundles, one of them exported once, and a picture."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from PIL import Image

from pia_edge import Picture, read_picture, sample
from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.bundle.manifest import ClipSize, Format
from tests.bundles import papers_bundle, tiny_bundle


@pytest.fixture(scope="session", autouse=True)
def home_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty bundle store, so that no test sees or changes that of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIA_EDGE_HOME", str(tmp_path_factory.mktemp("home")))
        yield


def made_once(factory: pytest.TempPathFactory, place: str, make: Callable[[Path], Bundle]) -> Bundle:
    """Return the bundle that ``make`` writes into an empty folder, once for all processes of a run."""
    root = factory.getbasetemp()
    folder = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / place
    with FileLock(f"{folder}.lock"):
        if not (found := list(folder.glob(f"*/{MANIFEST}"))):
            folder.mkdir(exist_ok=True)
            return make(folder)
    return Bundle.open(found[0].parent)


def exported(factory: pytest.TempPathFactory, tiny: Bundle, target: Format, *clips: ClipSize) -> Bundle:
    """Return the tiny network in the format of ``target``; its folder lies alone in its parent."""
    from pia_edge.export import Precision, Recipe, export

    recipe = Recipe(precision=Precision.FP16 if clips else Precision.FP32)
    return made_once(
        factory, target, lambda folder: export(tiny, folder / "tiny", target=target, recipe=recipe, clips=clips)
    )


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The network on which the paper's code was run."""
    return made_once(tmp_path_factory, "papers", papers_bundle)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A two-level network with random weights, in PyTorch."""
    return made_once(tmp_path_factory, "tiny", tiny_bundle)


@pytest.fixture(scope="session")
def tiny_and_decoder(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same network with a tiny decoder beside it, in PyTorch."""
    return made_once(tmp_path_factory, "tiny_and_decoder", lambda folder: tiny_bundle(folder, tiny_decoder=True))


@pytest.fixture(scope="session")
def tiny_onnx(tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same network as an ONNX bundle in float32."""
    return exported(tmp_path_factory, tiny, Format.ONNX)


@pytest.fixture(scope="session")
def tiny_openvino(tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same network as an OpenVINO bundle in float32."""
    return exported(tmp_path_factory, tiny, Format.OPENVINO)


@pytest.fixture(scope="session")
def tiny_coreml(tiny: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The same network as a Core ML bundle for one small clip, in float16."""
    return exported(tmp_path_factory, tiny, Format.COREML, ClipSize(frames=4, width=64, height=48))


@pytest.fixture(scope="session")
def sample_bundle() -> Bundle:
    """The bundle that ships."""
    if not (sample.path() / MANIFEST).is_file():
        pytest.skip(f"the sample bundle is not in {sample.path()} yet")
    return Bundle.open(sample.path())


@pytest.fixture(scope="session")
def picture_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PNG of 32x24 pixels with a gradient and some noise."""
    random = np.random.default_rng(5)
    rows, columns = np.mgrid[0:24, 0:32]
    colours = np.stack([rows * 8, columns * 6, 255 - rows * 4 - columns * 4], axis=-1)
    pixels = np.clip(colours + random.integers(0, 12, colours.shape), 0, 255).astype(np.uint8)
    path = tmp_path_factory.mktemp("pictures") / "picture.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture(scope="session")
def picture(picture_file: Path) -> Picture:
    return read_picture(picture_file)
