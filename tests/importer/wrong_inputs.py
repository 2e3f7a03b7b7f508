"""Writers of inputs that cannot be imported: a right model in which one thing is wrong."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from pia_edge.importer import NamedPath, ScaledPath
from pia_edge.nn.weights import ConvIn
from tests.standins.broken_files import write_not_finite
from tests.standins.embedding_files import write_embedding
from tests.standins.ldm_base import LdmForm, write_single_file
from tests.standins.lora_files import write_kohya
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS, SINGLE
from tests.standins.tiny_decoder_files import write_tiny_autoencoder, write_tiny_decoder
from tests.standins.vae_files import write_vae
from tests.standins.vocabulary import write_tokenizer

State = dict[str, Tensor]
Asked = dict[str, Any]
Change = Callable[[State], object]
Make = Callable[[Path, Path], Asked]
"""Given an empty folder and the folder of the models: write what is wrong, and return what to ask for."""

ROLES: dict[str, Callable[[Path], Asked]] = {
    "base": lambda path: {"base": path},
    "pia": lambda path: {"pia": path},
    "vae": lambda path: {"vae": path},
    "text encoder": lambda path: {"text_encoder": path},
    "tiny decoder": lambda path: {"tiny_decoder": path},
    "lora": lambda path: {"loras": (ScaledPath(path),)},
    "embedding": lambda path: {"embeddings": (NamedPath(path, "inky"),)},
}
"""What a path is given as."""
RIGHT: dict[str, Callable[[Path, Path], Path]] = {
    "pia": lambda _, models: models / "pia.ckpt",
    "unet": lambda _, models: models / "sd15" / "unet",
    "vae": lambda folder, _: write_vae(folder / "vae.safetensors", SINGLE),
    "text encoder": lambda _, models: models / "sd15" / "text_encoder" / "model.safetensors",
    "tiny decoder": lambda folder, _: write_tiny_decoder(folder / "taesd_decoder.safetensors"),
    "lora": lambda folder, _: write_kohya(folder / "l.safetensors", PAPERS).path,
    "embedding": lambda folder, _: write_embedding(folder / "e.safetensors", PAPERS, "emb_params"),
}
"""One of each kind, as nobody would refuse it in its own place."""


def changed(change: Change, part: str = "unet", **also: Any) -> Make:
    """A base model whose ``part`` has other weights."""

    def make(folder: Path, models: Path) -> Asked:
        base = shutil.copytree(models / "sd15", folder / "base")
        (file,) = (base / part).glob("*.safetensors")
        rewrite(file, file, change)
        return {"base": base, **also}

    return make


def configured(part: str, name: str = "config.json", **entries: object) -> Make:
    """A base model whose configuration of ``part`` says something else."""

    def make(folder: Path, models: Path) -> Asked:
        base = shutil.copytree(models / "sd15", folder / "base")
        file = base / part / name
        file.write_text(json.dumps(json.loads(file.read_text()) | entries))
        return {"base": base}

    return make


def configured_pia(folder: Path, models: Path) -> Asked:
    """An adapter that claims room for no frame at all, and stores no positions."""
    adapter = folder / "adapter"
    adapter.mkdir()
    target = adapter / "diffusion_pytorch_model.safetensors"
    rewrite(models / "pia.safetensors", target, lambda state: [state.pop(n) for n in [*state] if n.endswith(".pe")])
    (adapter / "config.json").write_text('{"motion_max_seq_length": 0}')
    return {"pia": adapter}


def damaged_config(folder: Path, models: Path) -> Asked:
    """A download of ``config.json`` that ended early."""
    base = shutil.copytree(models / "sd15", folder / "base")
    (base / "unet" / "config.json").write_text('{"in_channels": 4,')
    return {"base": base}


def without(part: str) -> Make:
    """A base model without one of its folders."""
    return lambda f, m: {"base": shutil.copytree(m / "sd15", f / "base", ignore=shutil.ignore_patterns(part))}


def pia_with(change: Change, **also: Any) -> Make:
    """PIA weights with a change."""
    return lambda f, m: {"pia": rewrite(m / "pia.safetensors", f / "pia.safetensors", change), **also}


def tiny_with(change: Change) -> Make:
    """A tiny decoder with a change."""

    def make(folder: Path, _models: Path) -> Asked:
        path = write_tiny_decoder(folder / "t.safetensors")
        return ROLES["tiny decoder"](rewrite(path, path, change))

    return make


def lora_with(change: Change) -> Make:
    """A LoRA with a change."""

    def make(folder: Path, _models: Path) -> Asked:
        path = write_kohya(folder / "l.safetensors", PAPERS, text=False).path
        return ROLES["lora"](rewrite(path, path, change))

    return make


def words(*chosen: str, count: int = 2, hidden: int = PAPERS.hidden, change: Change | None = None) -> Make:
    """One embedding of ``count`` vectors, under several words."""

    def make(folder: Path, _models: Path) -> Asked:
        path = write_embedding(folder / "e.safetensors", replace(PAPERS, hidden=hidden), "emb_params", count=count)
        if change is not None:
            rewrite(path, path, change)
        return {"embeddings": tuple(NamedPath(path, word) for word in chosen)}

    return make


def pipe(folder: Path, _models: Path) -> Asked:
    """A pipe, whose reader waits for ever."""
    os.mkfifo(folder / "pipe")
    return {"base": folder / "pipe"}


def rewrite(source: Path, target: Path, change: Change) -> Path:
    """Write the tensors of ``source`` with a ``change`` to ``target``."""
    state = load_file(source)
    change(state)
    save_file(state, target)
    return target


def put(name: str, value: Tensor) -> Change:
    """Give the first tensor whose name ends with ``name``, or a new one, this value."""
    return lambda state: state.update({some(state, name): value})


def spoil(name: str, value: float) -> Change:
    """Set one number."""
    return lambda state: state[some(state, name)].view(-1)[:1].fill_(value)


def drop(name: str) -> Change:
    """Leave a tensor out."""
    return lambda state: state.pop(some(state, name))


def some(state: State, end: str) -> str:
    """The first name that ends with ``end``."""
    return next((name for name in sorted(state) if name.endswith(end)), end)


def single_file(folder: Path, _models: Path) -> Asked:
    base = write_single_file(folder / "alone" / "base.safetensors", SINGLE, LdmForm())
    return {"base": base, "pia": write_pia(folder / "pia.safetensors", SINGLE)}


def three_faults(state: State) -> None:
    for change in (drop("conv_out.bias"), put("conv_extra.bias", FLOAT(3)), put("conv_in.bias", FLOAT(5))):
        change(state)


def pia_of(channels: tuple[int, ...]) -> Make:
    size = replace(PAPERS, channels=channels, published=False)
    return lambda folder, _: {"pia": write_pia(folder / "pia.safetensors", size)}


CHOOSE_SD15 = "PIA works with Stable Diffusion 1.4 and 1.5"
NAN, FLOAT = float("nan"), torch.zeros
WORD = "Choose another word, as in --embedding FILE:WORD"
SECOND_HALF = "lora_up.weight"
CASES: dict[str, tuple[Make, str, str]] = {
    "missing file": (lambda f, _: {"base": f / "no.safetensors"}, "No such file", "Correct the path"),
    "missing pia": (lambda f, _: {"pia": f / "no.ckpt"}, "No such file", "Correct the path"),
    "a name with NUL": (lambda _, m: {"base": m / "a\0b"}, "null byte", "Correct the path"),
    "a pipe": (pipe, "a device or pipe", "Save the model to a file"),
    "empty folder": (lambda f, _: {"base": f}, "found none", "fetch the folder whole"),
    "whole base as pia": (lambda _, m: {"pia": m / "sd15"}, "'model_index.json', 'scheduler'", "Choose a model's file"),
    "damaged config.json": (damaged_config, "found damage: ", "Get it again"),
    "no heads": (configured("unet", attention_head_dim=0), "found 0 and 32", "Get the model again"),
    "heads of every level": (configured("unet", attention_head_dim=[5, 10, 20, 20]), "[5, 10, 20, 20]", "again"),
    "groups in words": (configured("unet", norm_num_groups="many"), "found 8 and 'many'", "Get the model again"),
    "heads that divide nothing": (configured("text_encoder", num_attention_heads=5), "32 channels", "config.json"),
    "an unknown activation": (configured("text_encoder", hidden_act="none such"), "'none such'", "again"),
    "a negative epsilon": (configured("text_encoder", layer_norm_eps=-1), "found -1", "Get the model again"),
    "no norm groups": (configured("vae", norm_num_groups=0), "0 norm groups", "config.json"),
    "no scale of latents": (configured("vae", scaling_factor=0.0), "found 0.0", "Get the model again"),
    "unknown prediction": (configured("scheduler", "scheduler_config.json", prediction_type="x"), "'x'", "again"),
    "no frames": (configured_pia, "motion_max_seq_length in config.json to be a whole number such as 32", "found 0"),
    "NaN": (changed(spoil("conv_in.weight", NAN)), "conv_in.weight holds NaN or infinity", "Get the file again"),
    "infinity": (changed(spoil("quant_conv.bias", -float("inf")), "vae"), "holds NaN or infinity", "again"),
    "NaN alone": (lambda f, _: {"base": write_not_finite(f / "n.safetensors")}, "no model known", CHOOSE_SD15),
    "too large for fp16": (changed(spoil("conv_out.weight", 1e6)), "numbers up to 1e+06", "--precision fp32"),
    "integers": (changed(put("conv_out.bias", FLOAT(4, dtype=torch.int8))), "1 quantised (such as conv_out", "again"),
    "one missing": (changed(drop("conv_out.bias")), "found 1 missing (such as conv_out.bias)", "get it again"),
    "one unexpected": (changed(put("odd.bias", FLOAT(3))), "found 1 unexpected (such as odd.bias)", "get it again"),
    "one misshapen": (
        changed(put("conv_out.bias", FLOAT(5))),
        "the 684 weights of the UNet, found 1 misshapen (such as conv_out.bias (5,) instead of (4,))",
        "get it again",
    ),
    "all of it": (changed(three_faults), "1 missing (such as conv_out.bias), 1 unexpected (", "get it again"),
    "no autoencoder": (without("vae"), "expected the vae, found only: unet, text encoder", "give one with --vae"),
    "no text encoder": (without("text_encoder"), "found only: unet, vae", "give one with --text-encoder"),
    "no UNet": (without("unet"), "expected the unet, found only: vae, text encoder", "whole model"),
    "no tokenizer": (without("tokenizer"), "vocabulary of 514 tokens", "name their folder with --tokenizer"),
    "no tokenizer here": (single_file, "a single file does not carry", "name their folder with --tokenizer"),
    "another tokenizer": (
        lambda f, _: {"tokenizer": write_tokenizer(f / "t", replace(PAPERS, vocabulary=600))},
        "expected a vocabulary of 514 tokens, which the text encoder knows, found 600",
        "Name the tokenizer of this model",
    ),
    "no such tokenizer": (lambda f, _: {"tokenizer": f / "none"}, "vocab.json and merges.txt", "Correct the path"),
    "wider pia": (pia_of((64, 64, 64, 64)), "fit this base model, found 130 misshapen", "get it again"),
    "pia of three levels": (pia_of((32, 64, 64)), "found 130 missing", "get it again"),
    "pia's own conv_in": (
        pia_with(put("conv_in.weight", FLOAT(32, 9, 1, 1)), conv_in=ConvIn.PIA),
        "expected a conv_in of shape (32, 9, 3, 3)",
        "The two do not belong together",
    ),
    "pia's own bias": (pia_with(put("conv_in.bias", FLOAT(7))), "found (32, 9, 3, 3) and (7,)", "choose others"),
    "pia without bias": (pia_with(drop("conv_in.bias")), "found ['weight']", "again"),
    "learned positions": (pia_with(put("pos_encoder.pe", torch.ones(1, 32, 32))), "sinusoids", "not supported"),
    "positions of no frame": (pia_with(put("pos_encoder.pe", FLOAT(1, 0, 32))), "found (1, 0, 32)", "again"),
    "a tiny encoder": (
        lambda f, _: ROLES["tiny decoder"](write_tiny_decoder(f / "t.safetensors", half="encoder")),
        "found the encoder of a tiny autoencoder (TAESD) without its decoder",
        "Get taesd_decoder.safetensors",
    ),
    "a tiny decoder of 16 channels": (
        lambda f, _: ROLES["tiny decoder"](write_tiny_decoder(f / "t.safetensors", latent_channels=16)),
        "for latents of 4 channels, as Stable Diffusion 1 has them, found one for 16 channels",
        "Get taesd, which is made for Stable Diffusion 1",
    ),
    "a tiny decoder of other activations": (
        lambda f, _: ROLES["tiny decoder"](write_tiny_autoencoder(f / "taesd", config={"act_fn": "silu"})),
        "expected act_fn 'relu', as TAESD has it, found 'silu'",
        "Get the folder taesd of diffusers",
    ),
    "no tiny decoder": (lambda f, _: ROLES["tiny decoder"](f), "found none", "fetch the folder whole"),
    "part of a tiny decoder": (tiny_with(drop("19.bias")), "1 missing (such as layers.18.bias)", "get it again"),
    "an odd tiny decoder": (tiny_with(put("pool.bias", FLOAT(3))), "1 unexpected (such as pool.bias)", "get it again"),
    "NaN in a tiny decoder": (tiny_with(spoil("19.bias", NAN)), "layers.18.bias holds NaN", "Get the file again"),
    "half a change": (lora_with(drop(SECOND_HALF)), "only one half of its change", "Get the file again"),
    "a change of another layer": (lora_with(put(SECOND_HALF, FLOAT(3, 3))), "found (3, 3) · ", "another model"),
    "NaN in a LoRA": (lora_with(spoil(SECOND_HALF, NAN)), "l.safetensors: ", "holds NaN or infinity. Get the file"),
    "NaN for alpha": (lora_with(put(".alpha", torch.tensor(NAN))), "to be one number", "Get the file again"),
    "folder without a LoRA": (lambda f, _: ROLES["lora"](f), "found none", "Choose the LoRA's file"),
    "wider embedding": (words("inky", hidden=48), "vectors of 32 numbers, found (2, 48)", "made for another model"),
    "too many vectors": (words("inky", count=76), "at most 75 vectors", "Choose another file"),
    "NaN in an embedding": (words("inky", change=spoil("emb_params", NAN)), "e.safetensors: ", "holds NaN"),
    "a reserved word": (words("<|endoftext|>"), "found '<|endoftext|>'", WORD),
    "a word of the vocabulary": (words("a"), "words that are not tokens of the vocabulary, found 'a'", WORD),
    "a blank word": (words(" "), "at least one visible character", WORD),
    "a word twice": (words("inky", "inky"), "the word 'inky' is taken by another embedding", "--embedding FILE:WORD"),
    "two words but for case": (words("inky", "INKY"), "differ in more than case", WORD),
    "a word that is no Unicode": (words("caf\udce9"), "Expected Unicode for an embedding's word", "another word"),
    "a bundle that is none": (lambda f, _: {"bundle": f / "no"}, "expected a bundle", "Choose the folder of a bundle"),
}
"""What is wrong: how to make it, what is said to be found, and what to do."""
