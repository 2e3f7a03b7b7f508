"""The stand-ins are what other programs read: diffusers, transformers, torch and safetensors load them."""

import pickle
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from tests import reference
from tests.standins import ldm_names
from tests.standins.animatediff_files import (
    AnimateDiff,
    animatediff_state,
    write_animatediff,
    write_animatediff_adapter,
)
from tests.standins.attack_files import ATTACKS, write_attack
from tests.standins.broken_files import BROKEN, write_not_finite
from tests.standins.diffusers_base import Weights, write_folder
from tests.standins.foreign_files import FOLDER_KINDS, KINDS, write_foreign, write_foreign_folder
from tests.standins.lazy import Lazy, State, tensors
from tests.standins.ldm_base import LdmForm, vae_ldm, write_single_file
from tests.standins.motion_names import DIFFUSERS_NAMES, diffusers_name
from tests.standins.pia_files import adapter_state, pia_state, training_state, write_pia, write_pia_adapter
from tests.standins.sizes import (
    FULL,
    PAPERS,
    SINGLE,
    StandIn,
    text_state,
    unet_config,
    unet_shapes,
    unet_state,
    vae_config,
    vae_shapes,
    vae_state,
)
from tests.standins.vae_files import write_vae

with warnings.catch_warnings():
    # diffusers and transformers warn about their own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL, MotionAdapter, StableDiffusionPipeline
    from diffusers.loaders import single_file_utils

# The libraries warn about small networks, missing safety checkers and their own future.
pytestmark = pytest.mark.filterwarnings("ignore")


def read(path: Path) -> dict[str, Any]:
    """Read with the official libraries, pickles in torch's safe mode."""
    loaded: dict[str, Any] = load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True)
    return loaded


def assert_same(found: Mapping[str, Tensor], expected: State, tolerance: float = 0.0) -> None:
    """Compare every tensor; position ids are no parameters."""
    expected = {name: lazy for name, lazy in expected.items() if not name.endswith("position_ids")}
    assert found.keys() == expected.keys()
    for name, tensor in tensors(expected).items():
        torch.testing.assert_close(found[name].float(), tensor.float(), rtol=tolerance, atol=tolerance, msg=name)


@pytest.fixture(scope="module")
def configurations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder whose configurations diffusers uses for a single file."""
    return write_folder(tmp_path_factory.mktemp("single") / "base", SINGLE)


def assert_networks(pipeline: Any, size: StandIn, tolerance: float) -> None:
    assert_same(pipeline.unet.state_dict(), unet_state(size), tolerance)
    assert_same(pipeline.vae.state_dict(), vae_state(size), tolerance)
    assert_same(pipeline.text_encoder.state_dict(), text_state(size), tolerance)


@pytest.mark.parametrize("weights", ["safetensors", "fp16", "bin"])
def test_diffusers_reads_the_folder(weights: Weights, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "base", PAPERS, weights=weights, old_vae_names=weights != "bin")
    pipeline = StableDiffusionPipeline.from_pretrained(
        folder,
        safety_checker=None,
        local_files_only=True,
        variant="fp16" if weights == "fp16" else None,
        use_safetensors=weights != "bin",
    )
    assert_networks(pipeline, PAPERS, 2e-3 if weights == "fp16" else 0.0)
    assert pipeline.tokenizer("A cat").input_ids == [512, 320, 66, 64, 339, 513]


@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt"])
def test_diffusers_reads_the_single_file(suffix: str, configurations: Path, tmp_path: Path) -> None:
    form = LdmForm(dtype=torch.float32, ema=True, buffers=torch.float64)
    path = write_single_file(tmp_path / f"base{suffix}", SINGLE, form)
    pipeline = StableDiffusionPipeline.from_single_file(
        path, config=str(configurations), safety_checker=None, local_files_only=True
    )
    assert_networks(pipeline, SINGLE, 0.0)
    content = read(path)
    content = content.get("state_dict", content)
    averaged = {name for name in content if name.startswith("model_ema.")}
    assert len(averaged) == len(unet_shapes(SINGLE)) + 2
    assert "model_ema.diffusion_modelinput_blocks00weight" in averaged


@pytest.mark.parametrize("size", [PAPERS, SINGLE, FULL], ids=lambda size: size.name)
def test_ldm_names_are_the_inverse_of_diffusers_converters(size: StandIn) -> None:
    unet = {ldm_names.unet_name(name): Lazy(shape, lambda: torch.ones(1)) for name, shape in unet_shapes(size).items()}
    for prefix, ldm, shapes, converter, config in (
        ("model.diffusion_model.", unet, unet_shapes(size), single_file_utils.convert_ldm_unet_checkpoint, unet_config),
        (
            "first_stage_model.",
            vae_ldm(size),
            vae_shapes(size),
            single_file_utils.convert_ldm_vae_checkpoint,
            vae_config,
        ),
    ):
        # Every tensor is filled with the index of its own name, without memory.
        indexed = {prefix + name: torch.tensor(i).expand(lazy.shape) for i, (name, lazy) in enumerate(ldm.items())}
        converted = converter(indexed, config(size))
        assert {name: tuple(tensor.shape) for name, tensor in converted.items()} == shapes
        assert [int(converted[name].flatten()[0]) for name in shapes] == list(range(len(shapes)))


def test_layouts_of_single_files(tmp_path: Path) -> None:
    bare = read(write_single_file(tmp_path / "unet.safetensors", SINGLE, LdmForm(prefix=False)))
    assert "input_blocks.0.0.weight" in bare
    assert len(bare) == 684
    plain = read(write_single_file(tmp_path / "plain.ckpt", SINGLE, LdmForm(text_level=False), wrapper=False))
    assert "cond_stage_model.transformer.embeddings.position_ids" in plain
    lightning = write_single_file(tmp_path / "lightning.ckpt", SINGLE, LdmForm(prefix=False), lightning=True)
    with pytest.raises(pickle.UnpicklingError, match=r"pytorch_lightning\.callbacks\.model_checkpoint"):
        torch.load(lightning, weights_only=True)
    with zipfile.ZipFile(lightning) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize(("naming", "suffix"), [("ldm", ".ckpt"), ("ldm-prefixed", ".safetensors")])
def test_diffusers_reads_the_vae(naming: Any, suffix: str, configurations: Path, tmp_path: Path) -> None:
    path = write_vae(tmp_path / f"vae{suffix}", SINGLE, naming=naming, training_keys=suffix == ".ckpt")
    vae = AutoencoderKL.from_single_file(path, config=str(configurations), subfolder="vae", local_files_only=True)
    assert_same(vae.state_dict(), vae_state(SINGLE))


def test_pia_has_the_papers_names() -> None:
    full = {name: list(lazy.shape) for name, lazy in training_state(FULL).items()}
    assert full == reference.original_keys()
    small = {name: list(lazy.shape) for name, lazy in training_state(PAPERS).items()}
    assert small == reference.config()["keys"]


def test_diffusers_reads_the_adapters(tmp_path: Path) -> None:
    adapter, info = MotionAdapter.from_pretrained(write_pia_adapter(tmp_path / "pia", PAPERS), output_loading_info=True)
    assert not any(info.values())
    assert_same(adapter.state_dict(), adapter_state(PAPERS))
    for version in AnimateDiff:
        folder = write_animatediff_adapter(tmp_path / version.name, PAPERS, version)
        adapter, info = MotionAdapter.from_pretrained(folder, output_loading_info=True)
        assert not any(info.values())


def test_motion_names_are_those_of_diffusers_converter() -> None:
    assert len(DIFFUSERS_NAMES) == 6
    parameters = [name for name in pia_state(PAPERS) if not name.endswith(".pe")]
    converted = single_file_utils.convert_animatediff_checkpoint_to_diffusers({name: name for name in parameters})
    assert {converted[name]: name for name in converted} == {name: diffusers_name(name) for name in parameters}


def test_diffusers_tells_the_versions_of_animatediff(tmp_path: Path) -> None:
    found = [single_file_utils.infer_diffusers_model_type(animatediff_state(FULL, version)) for version in AnimateDiff]
    assert found == ["animatediff_v1", "animatediff_v2", "animatediff_v3", "animatediff_sdxl_beta"]
    assert len(read(write_animatediff(tmp_path / "mm.ckpt", PAPERS, AnimateDiff.V2))) == 21 * 28


def test_layouts_of_pia(tmp_path: Path) -> None:
    flat = read(write_pia(tmp_path / "pia.ckpt", PAPERS))
    assert len(flat) == 20 * 28 + 2
    assert_same(flat, pia_state(PAPERS))
    wrapped = read(write_pia(tmp_path / "trained.ckpt", PAPERS, whole_unet=True, module_prefix=True, wrapper=True))
    assert len(wrapped["state_dict"]) == 1244
    assert all(name.startswith("module.") for name in wrapped["state_dict"])
    cuda = write_pia(tmp_path / "cuda.ckpt", PAPERS, location="cuda:0")
    assert_same(torch.load(cuda, weights_only=True, map_location="cpu"), pia_state(PAPERS))


@pytest.mark.parametrize("kind", KINDS)
def test_foreign_files(kind: str, tmp_path: Path) -> None:
    told = {
        "sdxl": "xl_base",
        "sdxl-refiner": "xl_refiner",
        "sd2": "v2",
        "sd3": "sd3",
        "flux": "flux-dev",
        "controlnet": "controlnet",
        "controlnet-diffusers": "controlnet",
        "inpainting": "inpainting",
        "instruct-pix2pix": "instruct-pix2pix",
    }
    content = read(write_foreign(tmp_path / "foreign.safetensors", kind, SINGLE))
    assert single_file_utils.infer_diffusers_model_type(content) == told.get(kind, "v1")


def test_foreign_folders(tmp_path: Path) -> None:
    for kind in FOLDER_KINDS:
        assert (write_foreign_folder(tmp_path / kind, kind) / "model_index.json").is_file()


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt"])
def test_no_library_reads_a_broken_file(kind: str, suffix: str, tmp_path: Path) -> None:
    with pytest.raises((SafetensorError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError)):
        read(BROKEN[kind](tmp_path / f"broken{suffix}"))


def test_a_file_of_nan_is_readable(tmp_path: Path) -> None:
    for suffix in (".safetensors", ".ckpt"):
        assert all(tensor.isnan().all() for tensor in read(write_not_finite(tmp_path / f"nan{suffix}")).values())


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_runs_only_without_checks(name: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    path = write_attack(tmp_path, name, canary)
    with pytest.raises((SafetensorError, RuntimeError, pickle.UnpicklingError)):
        read(path)
    assert not canary.exists()
    if name == "pip.main":
        # It sets up logging for the whole process; that it is refused is enough.
        return
    if path.suffix == ".safetensors":
        pickle.loads(path.read_bytes())
    else:
        try:
            torch.load(path, weights_only=False)
        except EOFError:
            assert name == "legacy tar"
    assert canary.exists()
