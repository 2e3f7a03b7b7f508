"""LoRAs in every layout, fused as diffusers fuses them."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from pia_edge.errors import ModelError, RequestError
from pia_edge.importer import ImportRequest, LoraScaling, Precision, ScaledPath, import_bundle, make_plan
from tests.standins.lazy import tensors
from tests.standins.lora_files import (
    write_diffusers,
    write_diffusers_old,
    write_kohya,
    write_lcm,
    write_peft,
    write_peft_folder,
)
from tests.standins.lora_layers import Kind, Lora
from tests.standins.lora_unlike_files import write_lora_of_another_base, write_lora_of_another_method
from tests.standins.motion_lora_files import write_motion_lora
from tests.standins.motion_names import motion_state, to_diffusers
from tests.standins.sizes import PAPERS, text_state, unet_state

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import StableDiffusionPipeline

State = dict[str, Tensor]
Writer = Callable[[Path], Lora]

LOCON = tuple(Kind)
LAYOUTS: dict[str, Writer] = {
    "kohya": lambda f: write_kohya(f / "l.safetensors", PAPERS, rank=4, alpha=2.0),
    "kohya, ranks and alphas vary": lambda f: write_kohya(f / "l.safetensors", PAPERS),
    "kohya without alpha": lambda f: write_kohya(f / "l.safetensors", PAPERS, rank=4, alpha=None),
    "kohya without alpha, ranks vary": lambda f: write_kohya(f / "l.safetensors", PAPERS, alpha=None),
    "kohya without text": lambda f: write_kohya(f / "l.safetensors", PAPERS, text=False, rank=4, alpha=2.0),
    "LoCon": lambda f: write_kohya(f / "l.safetensors", PAPERS, kinds=LOCON, rank=4, alpha=2.0),
    "LoCon, ranks and alphas vary": lambda f: write_kohya(f / "l.safetensors", PAPERS, kinds=LOCON),
    "LCM-LoRA": lambda f: write_lcm(f / "l.safetensors", PAPERS),
    "diffusers, processors": lambda f: write_diffusers_old(f / "l.safetensors", PAPERS),
    "diffusers, earliest": lambda f: write_diffusers_old(f / "l.safetensors", PAPERS, prefix=False),
    "diffusers": lambda f: write_diffusers(f / "l.safetensors", PAPERS),
    "peft": lambda f: write_peft(f / "l.safetensors", PAPERS, metadata=False),
    "peft with metadata": lambda f: write_peft(f / "l.safetensors", PAPERS),
    "peft's folder": lambda f: write_peft_folder(f / "adapter", PAPERS),
    "peft's folder with patterns": lambda f: write_peft_folder(f / "adapter", PAPERS, patterns=True),
}
# Diffusers leaves peft's own folders to peft, and finds nothing in its own earliest files, which lack a prefix. Where
# ranks or alphas vary in kohya's layout it applies some layer's alpha to others (0.39), which no trainer means.
NOT_FOR_DIFFUSERS = {"peft's folder", "peft's folder with patterns", "diffusers, earliest"} | {
    layout for layout in LAYOUTS if "vary" in layout
}
SCALE = 0.7


def request(models: Path, *loras: ScaledPath, scaling: LoraScaling = LoraScaling.ALPHA) -> ImportRequest:
    return ImportRequest(
        base=models / "sd15",
        pia=models / "pia.safetensors",
        loras=loras,
        precision=Precision.FP32,
        allow_pickle=True,
        lora_scaling=scaling,
    )


def planned(asked: ImportRequest, *parts: str) -> State:
    """Return the weights that would be written."""
    files = make_plan(asked).files
    pieces = [piece for part in parts or ("spatial", "text_encoder") for piece in files[f"{part}.safetensors"]]
    return {piece.name: piece.compute(torch.float32) for piece in pieces}


def plain() -> State:
    return tensors(unet_state(PAPERS)) | tensors(text_state(PAPERS))


def assert_equal(ours: State, theirs: State, least_changed: int) -> None:
    before = plain() | to_our_motion()
    changed = 0
    for name, tensor in ours.items():
        largest = float(theirs[name].abs().max())
        assert float((tensor - theirs[name]).abs().max()) <= 1e-6 * max(1.0, largest), name
        changed += not torch.equal(tensor, before[name])
    assert changed >= least_changed


def to_our_motion() -> State:
    return tensors(to_diffusers(motion_state(PAPERS)))


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout not in NOT_FOR_DIFFUSERS])
@pytest.mark.filterwarnings("ignore")
def test_equals_diffusers(layout: str, models: Path, tmp_path: Path) -> None:
    lora = LAYOUTS[layout](tmp_path)
    ours = planned(request(models, ScaledPath(lora.path, SCALE)))
    pipeline = StableDiffusionPipeline.from_pretrained(models / "sd15", local_files_only=True)
    pipeline.load_lora_weights(lora.path.parent, weight_name=lora.path.name)
    pipeline.fuse_lora(lora_scale=SCALE)
    pipeline.unload_lora_weights()
    theirs = pipeline.unet.state_dict() | pipeline.text_encoder.state_dict()
    assert_equal(ours, theirs, least_changed=len(lora.factors))


@pytest.mark.parametrize("layout", sorted(NOT_FOR_DIFFUSERS))
def test_equals_the_definition(layout: str, models: Path, tmp_path: Path) -> None:
    lora = LAYOUTS[layout](tmp_path)
    ours = planned(request(models, ScaledPath(lora.path, SCALE)))
    theirs = plain()
    for name, delta in (lora.deltas("unet") | lora.deltas("text_encoder")).items():
        theirs[name] = theirs[name] + SCALE * delta
    assert_equal(ours, theirs, least_changed=len(lora.factors))


def test_several_add_up_in_any_order(models: Path, tmp_path: Path) -> None:
    first = write_kohya(tmp_path / "first.safetensors", PAPERS)
    second = write_diffusers(tmp_path / "second.safetensors", PAPERS)
    scaled = [ScaledPath(first.path, 0.5), ScaledPath(second.path, -1.25)]
    ours = planned(request(models, *scaled))
    theirs = plain()
    for lora, scale in ((first, 0.5), (second, -1.25)):
        for name, delta in (lora.deltas("unet") | lora.deltas("text_encoder")).items():
            theirs[name] = theirs[name] + scale * delta
    assert_equal(ours, theirs, least_changed=len(first.factors))
    other = planned(request(models, *reversed(scaled)))
    assert_equal(other, ours, least_changed=len(first.factors))


def test_the_papers_scaling_leaves_alpha_out(models: Path, tmp_path: Path) -> None:
    lora = write_kohya(tmp_path / "l.safetensors", PAPERS, kinds=LOCON)
    ours = planned(request(models, ScaledPath(lora.path), scaling=LoraScaling.ORIGINAL))
    theirs = plain()
    for each in lora.factors:
        product = (each.up.float().flatten(1) @ each.down.float().flatten(1)).reshape(each.layer.shape)
        theirs[f"{each.layer.name}.weight"] += product
    assert_equal(ours, theirs, least_changed=len(lora.factors))


@pytest.mark.parametrize("naming", ["original", "diffusers"])
@pytest.mark.parametrize("suffix", [".ckpt", ".safetensors"])
def test_motion_lora(naming: Any, suffix: str, models: Path, tmp_path: Path) -> None:
    lora = write_motion_lora(tmp_path / f"zoom{suffix}", PAPERS, naming=naming, module_prefix=True)
    asked = request(models, ScaledPath(lora.path, SCALE))
    theirs = to_our_motion()
    here = {name: delta for name, delta in lora.deltas().items() if not name.startswith("mid_block")}
    for name, delta in here.items():
        theirs[name] = theirs[name] + SCALE * delta
    ours = planned(asked, "temporal")
    assert ours.keys() == {name for name in theirs if not name.endswith("pos_embed.pe")}
    assert_equal(ours, theirs, least_changed=len(here))
    before = plain()
    assert all(torch.equal(tensor, before[name]) for name, tensor in planned(asked).items())
    (found,) = make_plan(asked).loras
    # AnimateDiff's second version has a module in the middle, PIA has none.
    assert found.unknown
    assert all("mid_block" in name for name in found.unknown)


def test_the_manifest_says_what_was_fused(models: Path, tmp_path: Path) -> None:
    lora = write_kohya(tmp_path / "ink style.safetensors", PAPERS, rank=4)
    bundle = import_bundle(request(models, ScaledPath(lora.path, SCALE)), tmp_path / "out")
    source = next(source for source in bundle.manifest.sources if source.part == "lora")
    assert (source.origin, source.scale) == ("ink style.safetensors", SCALE)
    assert source.detail == f"{len(lora.factors)} layers, rank 4; scaling alpha"
    assert source.sha256 is not None
    assert bundle.manifest.name == "sd15-ink-style"
    assert bundle.manifest.description == "PIA over sd15, ink style at 0.7"


def refused(models: Path, lora: Path) -> str:
    with pytest.raises(ModelError) as caught:
        make_plan(request(models, ScaledPath(lora)))
    return str(caught.value)


@pytest.mark.parametrize(("method", "said"), [("loha", "found a LoHa"), ("lokr", "found a LoKr"), ("dora", "a DoRA")])
def test_other_methods_are_named(method: Any, said: str, models: Path, tmp_path: Path) -> None:
    assert said in refused(models, write_lora_of_another_method(tmp_path / "l.safetensors", PAPERS, method))


@pytest.mark.parametrize("base", ["sdxl", "sd2"])
def test_loras_of_other_models_are_named(base: Any, models: Path, tmp_path: Path) -> None:
    said = refused(models, write_lora_of_another_base(tmp_path / "l.safetensors", base).path)
    assert "Stable Diffusion XL" in said or "made for another model" in said


def test_a_lora_split_in_three_is_refused(models: Path, tmp_path: Path) -> None:
    lora = write_kohya(tmp_path / "l.safetensors", PAPERS, kinds=LOCON, mid=True)
    assert "use_cp" in refused(models, lora.path)


def test_a_base_model_is_no_lora(models: Path) -> None:
    said = refused(models, models / "sd15" / "unet" / "diffusion_pytorch_model.safetensors")
    assert "expected a LoRA for Stable Diffusion 1 or AnimateDiff, found the UNet of Stable Diffusion 1" in said


@pytest.mark.parametrize("scale", [float("nan"), float("inf"), 101.0, -1e9])
def test_scales_out_of_range(scale: float) -> None:
    with pytest.raises(RequestError, match="expected a scale between"):
        ImportRequest(base=Path("a"), pia=Path("b"), loras=(ScaledPath(Path("c"), scale),))
