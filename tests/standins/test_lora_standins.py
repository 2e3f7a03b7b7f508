"""The stand-ins of LoRAs and embeddings do in diffusers and peft what they say they do."""

import copy
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from tests.standins import embedding_files, lora_files
from tests.standins.animatediff_files import AnimateDiff, animatediff_state, write_animatediff_adapter
from tests.standins.diffusers_base import write_folder
from tests.standins.lora_layers import Kind, Lora
from tests.standins.lora_unlike_files import FOREIGN, write_lora_of_another_base, write_lora_of_another_method
from tests.standins.motion_lora_files import write_motion_lora
from tests.standins.sizes import PAPERS

with warnings.catch_warnings():
    # diffusers and transformers warn about their own deprecations at import.
    warnings.simplefilter("ignore")
    from diffusers import AnimateDiffPipeline, MotionAdapter, StableDiffusionPipeline, UNetMotionModel
    from diffusers.loaders import lora_conversion_utils
    from peft import PeftModel

# The libraries warn about small networks, missing safety checkers and their own future.
pytestmark = pytest.mark.filterwarnings("ignore")

EVERY = tuple(Kind)
WRITERS: dict[str, Callable[[Path], Lora]] = {
    "kohya-no-alpha": lambda folder: lora_files.write_kohya(folder / "lora.safetensors", PAPERS, rank=4, alpha=None),
    "locon": lambda folder: lora_files.write_kohya(folder / "lora.safetensors", PAPERS, kinds=EVERY, rank=4, alpha=1.0),
    "diffusers-old": lambda folder: lora_files.write_diffusers_old(folder / "lora.safetensors", PAPERS),
    "diffusers-old-bin": lambda folder: lora_files.write_diffusers_old(folder / "lora.bin", PAPERS),
    "diffusers": lambda folder: lora_files.write_diffusers(folder / "lora.safetensors", PAPERS),
    "peft": lambda folder: lora_files.write_peft(folder / "lora.safetensors", PAPERS),
    "peft-no-metadata": lambda folder: lora_files.write_peft(folder / "lora.safetensors", PAPERS, metadata=False),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = write_folder(tmp_path_factory.mktemp("base") / "base", PAPERS)
    return StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, local_files_only=True)


@pytest.fixture
def pipeline(base: Any) -> Any:
    return StableDiffusionPipeline(
        **base.components
        | {"unet": copy.deepcopy(base.unet), "text_encoder": copy.deepcopy(base.text_encoder)}
        | {"tokenizer": copy.deepcopy(base.tokenizer)},
        requires_safety_checker=False,
    )


def changes(after: Any, before: Any) -> dict[str, Tensor]:
    """Return the change of every tensor that changed."""
    old = before.state_dict()
    found = {name: tensor - old[name] for name, tensor in after.state_dict().items()}
    return {name: change for name, change in found.items() if change.any()}


def assert_changes(after: Any, before: Any, expected: dict[str, Tensor]) -> None:
    found = changes(after, before)
    assert found.keys() == expected.keys()
    for name, change in found.items():
        torch.testing.assert_close(change, expected[name], rtol=0, atol=1e-6, msg=name)


@pytest.mark.parametrize("name", WRITERS)
def test_diffusers_fuses_the_stated_change(name: str, base: Any, pipeline: Any, tmp_path: Path) -> None:
    lora = WRITERS[name](tmp_path)
    pipeline.load_lora_weights(tmp_path, weight_name=lora.path.name)
    pipeline.fuse_lora()
    pipeline.unload_lora_weights()
    assert_changes(pipeline.unet, base.unet, lora.deltas("unet"))
    assert_changes(pipeline.text_encoder, base.text_encoder, lora.deltas("text_encoder"))


def test_diffusers_fuses_names_without_a_prefix(base: Any, pipeline: Any, tmp_path: Path) -> None:
    lora = lora_files.write_diffusers_old(tmp_path / "lora.bin", PAPERS, prefix=False)
    pipeline.unet.load_attn_procs(tmp_path, weight_name="lora.bin")
    pipeline.fuse_lora()
    pipeline.unload_lora_weights()
    assert_changes(pipeline.unet, base.unet, lora.deltas())


def test_alphas_of_every_layer_outside_attention(base: Any, pipeline: Any, tmp_path: Path) -> None:
    # diffusers 0.39 keeps one alpha for all of kohya's attention projections, so those cannot be compared.
    kinds = (Kind.PROJECTIONS, Kind.TIME, Kind.ENDS)
    lora = lora_files.write_kohya(tmp_path / "lora.safetensors", PAPERS, kinds=kinds, text=False)
    assert len({(each.rank, each.alpha) for each in lora.factors}) > 6
    pipeline.load_lora_weights(tmp_path, weight_name="lora.safetensors")
    pipeline.fuse_lora()
    pipeline.unload_lora_weights()
    assert_changes(pipeline.unet, base.unet, lora.deltas())


def test_peft_merges_the_stated_change(base: Any, tmp_path: Path) -> None:
    lora = lora_files.write_peft_folder(tmp_path / "adapter", PAPERS, patterns=True)
    merged = PeftModel.from_pretrained(copy.deepcopy(base.unet), lora.path).merge_and_unload()
    assert_changes(merged, base.unet, lora.deltas())


def test_diffusers_fuses_a_motion_lora(base: Any, tmp_path: Path) -> None:
    adapter = MotionAdapter.from_pretrained(write_animatediff_adapter(tmp_path / "v2", PAPERS, AnimateDiff.V2))
    unet = UNetMotionModel.from_unet2d(base.unet, adapter)
    before = copy.deepcopy(unet)
    lora = write_motion_lora(tmp_path / "lora.safetensors", PAPERS, naming="diffusers")
    components = {name: base.components[name] for name in ("vae", "text_encoder", "tokenizer", "scheduler")}
    pipeline = AnimateDiffPipeline(**components, unet=unet, motion_adapter=None)
    pipeline.load_lora_weights(tmp_path, weight_name="lora.safetensors")
    pipeline.fuse_lora()
    pipeline.unload_lora_weights()
    assert_changes(pipeline.unet, before, lora.deltas())


def test_motion_lora_names_are_those_animatediff_reads(tmp_path: Path) -> None:
    lora = write_motion_lora(tmp_path / "lora.ckpt", PAPERS)
    parameters = animatediff_state(PAPERS, AnimateDiff.V2)
    state = torch.load(lora.path, weights_only=True)["state_dict"]
    for name, tensor in state.items():
        # The steps of AnimateDiff's own loader, from a name in the file to a parameter.
        found = name.replace("processor.", "").replace("_lora", "").replace("down.", "").replace("up.", "")
        shape = parameters[found.replace("to_out.", "to_out.0.")].shape
        assert tensor.shape[1 if ".down." in name else 0] == shape[0]
    assert len(state) == 2 * 21 * 8


def test_diffusers_knows_the_names_of_other_bases(tmp_path: Path) -> None:
    for base in ("sdxl", "sd2"):
        tensors = load_file(write_lora_of_another_base(tmp_path / f"{base}.safetensors", base).path)
        network = SimpleNamespace(layers_per_block=2)
        mapped = lora_conversion_utils._maybe_map_sgm_blocks_to_diffusers(tensors, network)
        converted, alphas = lora_conversion_utils._convert_non_diffusers_lora_to_diffusers(mapped)
        assert len(converted) == 2 * len(FOREIGN[base])
        assert len(alphas) == len(FOREIGN[base])


def test_names_that_tell_other_methods(tmp_path: Path) -> None:
    told = {"dora": "dora_scale", "loha": "hada_w1_a", "lokr": "lokr_w1", "diff": "diff", "ia3": "on_input"}
    for method in ("dora", "loha", "lokr", "diff", "ia3"):
        path = write_lora_of_another_method(tmp_path / f"{method}.safetensors", PAPERS, method)
        assert any(name.endswith(f".{told[method]}") for name in load_file(path))
    lcm = load_file(lora_files.write_lcm(tmp_path / "lcm.safetensors", PAPERS).path)
    assert {"lora_unet_time_embedding_linear_1.alpha", "lora_unet_mid_block_resnets_0_conv1.alpha"} <= lcm.keys()
    middle = lora_files.write_kohya(tmp_path / "cp.safetensors", PAPERS, kinds=EVERY, mid=True)
    assert any(name.endswith(".lora_mid.weight") for name in load_file(middle.path))
    assert {name.removesuffix(".weight") for name in middle.deltas()} >= {"conv_in", "conv_out"}


def test_diffusers_reads_embeddings(pipeline: Any, tmp_path: Path) -> None:
    layouts: list[tuple[embedding_files.Layout, str, int]] = [
        ("a1111", "one.pt", 3),
        ("emb_params", "two.safetensors", 2),
        ("diffusers", "three.bin", 1),
        ("diffusers", "four.safetensors", 2),
    ]
    for layout, name, count in layouts:
        path = embedding_files.write_embedding(tmp_path / name, PAPERS, layout, count=count)
        pipeline.load_textual_inversion(path, token=f"<{path.stem}>")
        prompt = pipeline.maybe_convert_prompt(f"<{path.stem}>", pipeline.tokenizer)
        ids = pipeline.tokenizer(prompt, add_special_tokens=False).input_ids
        rows = pipeline.text_encoder.get_input_embeddings().weight[ids]
        torch.testing.assert_close(rows, embedding_files.vectors(PAPERS, count), rtol=0, atol=0)
