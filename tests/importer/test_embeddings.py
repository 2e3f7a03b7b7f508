"""Textual-inversion embeddings in every layout: the words are read as diffusers reads them."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pia_edge import AnimationPipeline
from pia_edge.errors import ModelError
from pia_edge.importer import ImportRequest, NamedPath, Precision, import_bundle
from pia_edge.modules import Module
from pia_edge.runtimes.reference import Reference
from tests.reference import relative_error
from tests.standins.embedding_files import vectors, write_embedding
from tests.standins.sizes import PAPERS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch
    from diffusers import StableDiffusionPipeline

Writer = Callable[[Path], Path]

LAYOUTS: dict[str, tuple[Writer, str]] = {
    "web UI's pickle": (lambda f: write_embedding(f / "style.pt", PAPERS, "a1111", count=3), "style"),
    "web UI's safetensors": (lambda f: write_embedding(f / "easy.safetensors", PAPERS, "emb_params", count=4), "easy"),
    "diffusers": (lambda f: write_embedding(f / "e.safetensors", PAPERS, "diffusers", token="<toy>"), "<toy>"),
    "diffusers' pickle": (lambda f: write_embedding(f / "e.bin", PAPERS, "diffusers", token="<toy>"), "<toy>"),
    "one vector": (lambda f: write_embedding(f / "e.safetensors", PAPERS, "diffusers", count=1, token="<x>"), "<x>"),
}


def request(models: Path, *embeddings: NamedPath) -> ImportRequest:
    return ImportRequest(
        base=models / "sd15",
        pia=models / "pia.safetensors",
        embeddings=embeddings,
        precision=Precision.FP32,
        allow_pickle=True,
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.filterwarnings("ignore")
def test_a_prompt_is_encoded_as_by_diffusers(layout: str, models: Path, tmp_path: Path) -> None:
    write, word = LAYOUTS[layout]
    file = write(tmp_path)
    bundle = import_bundle(request(models, NamedPath(file)), tmp_path / "out")
    assert list(bundle.manifest.added_tokens) == [word]
    prompt = f"a cat, {word} by the sea"
    pipeline = AnimationPipeline.open(bundle, "reference")
    ids = pipeline.tokens(prompt).ids
    (ours,) = Reference().load(bundle, Module.TEXT_ENCODER, "cpu").infer(input_ids=ids[None])
    theirs = StableDiffusionPipeline.from_pretrained(models / "sd15", local_files_only=True)
    theirs.load_textual_inversion(file.parent, weight_name=file.name, token=word)
    expected, _ = theirs.encode_prompt(prompt, "cpu", 1, False)
    assert relative_error(ours, expected.detach()) < 1e-5
    plain = pipeline.tokens("a cat, by the sea").ids
    assert not np.array_equal(ids, plain)


def test_another_word_may_call_it(models: Path, tmp_path: Path) -> None:
    file = write_embedding(tmp_path / "a.safetensors", PAPERS, "emb_params", count=2)
    bundle = import_bundle(request(models, NamedPath(file, "shiny style")), tmp_path / "out")
    assert bundle.manifest.added_tokens == {"shiny style": (514, 515)}
    source = bundle.manifest.sources[-1]
    assert (source.part, source.origin) == ("embedding", "a.safetensors")
    assert source.detail == "'shiny style', 2 tokens"
    from safetensors.torch import load_file

    table = load_file(bundle.path / "text_encoder.safetensors")["text_model.embeddings.token_embedding.weight"]
    assert torch.equal(table[514:], vectors(PAPERS, 2))
    assert bundle.manifest.network is not None
    assert bundle.manifest.network.text_encoder["vocab_size"] == 516


def test_two_embeddings_with_one_word(models: Path, tmp_path: Path) -> None:
    file = write_embedding(tmp_path / "a.safetensors", PAPERS, "emb_params", count=2)
    with pytest.raises(ModelError, match="taken by another embedding"):
        import_bundle(request(models, NamedPath(file), NamedPath(file)), tmp_path / "out")


def test_a_word_of_the_vocabulary_is_refused(models: Path, tmp_path: Path) -> None:
    file = write_embedding(tmp_path / "a.safetensors", PAPERS, "emb_params", count=2)
    with pytest.raises(ModelError, match="Choose another word"):
        import_bundle(request(models, NamedPath(file, "a")), tmp_path / "out")
