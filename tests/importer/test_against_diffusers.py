"""Imported bundles in norm_mode ``diffusers`` against diffusers' own PIAPipeline with the same files."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pia_edge.bundle import Bundle
from pia_edge.importer import ImportRequest, Precision, import_bundle
from pia_edge.modules import Module
from pia_edge.nn.config import NormMode
from pia_edge.runtimes.reference import Reference
from tests.reference import relative_error
from tests.standins.diffusers_base import write_folder
from tests.standins.ldm_base import LdmForm, write_single_file
from tests.standins.pia_files import write_pia, write_pia_adapter
from tests.standins.sizes import SINGLE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import AutoencoderKL, DDIMScheduler, MotionAdapter, PIAPipeline, StableDiffusionPipeline
    from diffusers.models import UNet2DConditionModel
    from PIL import Image
    from transformers import CLIPTextModel, CLIPTokenizer

# The base model has a conv_in of its own, as a DreamBooth has.
BASE = replace(SINGLE, published=False, seed=7)
FRAMES, STEPS = 5, 3

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model as a folder and as a single file, PIA as adapter and as checkpoint."""
    folder = tmp_path_factory.mktemp("diffusers")
    write_folder(folder / "base", BASE)
    write_single_file(folder / "base.safetensors", BASE, LdmForm(dtype=torch.float32, buffers=torch.float32))
    write_pia_adapter(folder / "adapter", SINGLE)
    write_pia(folder / "pia.safetensors", SINGLE)
    return folder


def from_folder(folder: Path) -> Any:
    return StableDiffusionPipeline.from_pretrained(folder / "base", local_files_only=True)


def from_single_file(folder: Path) -> Any:
    return StableDiffusionPipeline.from_single_file(
        str(folder / "base.safetensors"), config=str(folder / "base"), local_files_only=True
    )


def pia_pipeline(folder: Path, base: Any) -> Any:
    scheduler = DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="linear", steps_offset=1, clip_sample=False
    )
    pipeline = PIAPipeline(
        vae=base.vae,
        text_encoder=base.text_encoder,
        tokenizer=base.tokenizer,
        unet=base.unet,
        scheduler=scheduler,
        motion_adapter=MotionAdapter.from_pretrained(folder / "adapter", local_files_only=True),
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to("cpu")


Calls = list[tuple[tuple[Any, ...], dict[str, Any], torch.Tensor]]


def unet_calls(pipeline: Any) -> tuple[Calls, Any]:
    """Run the pipeline; return inputs and output of every UNet call, and the frames."""
    calls: Calls = []

    def record(_: Any, given: tuple[Any, ...], named: dict[str, Any], output: Any) -> None:
        calls.append((given, named, output[0].clone()))

    handle = pipeline.unet.register_forward_hook(record, with_kwargs=True)
    picture = Image.fromarray(np.random.default_rng(3).integers(0, 255, (64, 64, 3), dtype=np.uint8))
    result = pipeline(
        image=picture,
        prompt="a cat walks",
        negative_prompt="ugly",
        num_frames=FRAMES,
        height=64,
        width=64,
        num_inference_steps=STEPS,
        guidance_scale=7.5,
        motion_scale=1,
        generator=torch.Generator().manual_seed(0),
        output_type="np",
    )
    handle.remove()
    return calls, result.frames[0]


@pytest.mark.parametrize("read", [from_folder, from_single_file], ids=["folder", "single file"])
@pytest.mark.parametrize("pia", ["adapter", "pia.safetensors"])
def test_every_unet_call_equals_the_pipelines(
    read: Callable[[Path], Any], pia: str, folder: Path, tmp_path: Path
) -> None:
    base = folder / ("base" if read is from_folder else "base.safetensors")
    request = ImportRequest(
        base=base,
        pia=folder / pia,
        tokenizer=folder / "base" / "tokenizer",
        norm_mode=NormMode.DIFFUSERS,
        precision=Precision.FP32,
    )
    bundle = import_bundle(request, tmp_path / "out")
    assert bundle.manifest.norm_mode == "diffusers"
    calls, _ = unet_calls(pia_pipeline(folder, read(folder)))
    assert len(calls) == STEPS
    unet = Reference().load(bundle, Module.UNET, "cpu")
    condition = Reference().load(bundle, Module.CONDITION, "cpu")
    for given, named, output in calls:
        sample, timestep = given[0].numpy(), np.array([int(given[1])], dtype=np.int64)
        appearance, gain = condition.infer(image_latents=sample[:1, 5:, 0].copy())
        (ours,) = unet.infer(
            latents=sample[:, :4].copy(),
            timestep=timestep,
            encoder_hidden_states=named["encoder_hidden_states"][::FRAMES].numpy(),
            affinity=sample[:1, 4, :, 0, 0].copy(),
            appearance=appearance,
            gain=gain,
        )
        assert relative_error(ours, output) < 1e-5


def test_text_and_pictures_equal_the_libraries(folder: Path, tmp_path: Path) -> None:
    request = ImportRequest(
        base=folder / "base.safetensors",
        pia=folder / "adapter",
        tokenizer=folder / "base" / "tokenizer",
        precision=Precision.FP32,
    )
    bundle = import_bundle(request, tmp_path / "out")
    base = folder / "base"
    tokenizer = CLIPTokenizer.from_pretrained(base / "tokenizer", local_files_only=True)
    ids = tokenizer("a cat walks", padding="max_length", max_length=77, return_tensors="np").input_ids
    text = CLIPTextModel.from_pretrained(base / "text_encoder", local_files_only=True)
    vae = AutoencoderKL.from_pretrained(base / "vae", local_files_only=True)
    latents = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2)) * 2 - 1
    with torch.no_grad():
        assert relative_error(infer(bundle, Module.TEXT_ENCODER, input_ids=ids), text(torch.from_numpy(ids))[0]) < 1e-5
        decoded = infer(bundle, Module.VAE_DECODER, latents=latents.numpy())
        assert relative_error(decoded, vae.decode(latents).sample) < 1e-5
        mean = infer(bundle, Module.VAE_ENCODER, image=picture.numpy())
        assert relative_error(mean, vae.encode(picture).latent_dist.mean) < 1e-5


def infer(bundle: Bundle, module: Module, **inputs: Any) -> Any:
    return Reference().load(bundle, module, "cpu").infer(**inputs)[0]


def test_pia_keeps_its_own_conv_in_when_asked(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    from pia_edge.nn.weights import ConvIn
    from tests.standins.lazy import tensors
    from tests.standins.pia_files import pia_state

    pia = tensors(pia_state(SINGLE))
    base = UNet2DConditionModel.from_pretrained(folder / "base" / "unet", local_files_only=True).state_dict()
    for keep, bias in ((ConvIn.BASE, base["conv_in.bias"]), (ConvIn.PIA, pia["conv_in.bias"])):
        request = ImportRequest(
            base=folder / "base", pia=folder / "pia.safetensors", conv_in=keep, precision=Precision.FP32
        )
        bundle = import_bundle(request, tmp_path / keep)
        spatial = load_file(bundle.path / "spatial.safetensors")
        kept = base if keep is ConvIn.BASE else pia
        assert torch.equal(spatial["conv_in.weight"], kept["conv_in.weight"][:, :4])
        assert torch.equal(spatial["conv_in.bias"], bias)
        assert torch.equal(load_file(bundle.path / "condition.safetensors")["weight"], pia["conv_in.weight"][:, 4:])
        assert bundle.manifest.conv_in == keep
        parts = [part for source in bundle.manifest.sources for part in source.part.split(", ")]
        assert ("conv_in" in parts) is (keep is ConvIn.PIA)
