"""A CLIP from a folder, against transformers' own loading and outputs."""

import hashlib
import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from pia_edge.errors import ModelError, NumericError
from pia_edge.evaluation.backbone import Clip, open_clip
from tests.evaluation.examples import rewrite, sliding

FRAMES = sliding(20, 3.0, 1.0, height=40, width=56)
PROMPT = "A lighthouse by the sea, night falls"


@pytest.fixture(scope="module")
def clip(clip_folder: Path) -> Clip:
    return open_clip(clip_folder)


@pytest.fixture
def changed(clip_folder: Path, tmp_path: Path) -> Path:
    """A copy of the folder, to be damaged."""
    return Path(shutil.copytree(clip_folder, tmp_path / "copy"))


def theirs(folder: Path) -> tuple[Any, Any]:
    """Model and processor as transformers loads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers import CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizerFast

        model = CLIPModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
        tokenizer = CLIPTokenizerFast.from_pretrained(folder, local_files_only=True)
        return model, CLIPProcessor(CLIPImageProcessor.from_pretrained(folder, local_files_only=True), tokenizer)


def test_cosines_are_those_of_transformers(clip: Clip, clip_folder: Path) -> None:
    model, processor = theirs(clip_folder)
    inputs = processor(text=[PROMPT, "b"], images=list(FRAMES), return_tensors="pt", padding=True)
    with torch.no_grad():
        outputs = model(**inputs)
        expected = (outputs.logits_per_image / model.logit_scale.exp()).numpy()
    images = clip.embed_images(FRAMES)
    found = np.stack([images @ clip.embed_prompt(prompt)[0] for prompt in (PROMPT, "b")], axis=1)
    assert images.shape == (20, 16)
    assert np.ptp(expected) > 0.01, "random numbers must not make all alike"
    np.testing.assert_allclose(found, expected, atol=2e-6)
    np.testing.assert_allclose(images @ images[3], (outputs.image_embeds @ outputs.image_embeds[3]).numpy(), atol=2e-6)


def test_a_long_prompt_is_cut_as_transformers_does(clip: Clip, clip_folder: Path) -> None:
    model, processor = theirs(clip_folder)
    prompt = "sea " * 60
    ids = processor.tokenizer(prompt, truncation=True, max_length=77, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        expected = torch.nn.functional.normalize(model.get_text_features(input_ids=ids))[0].numpy()
    found, cut = clip.embed_prompt(prompt)
    assert cut == 3 * 60 + 2 - 77
    np.testing.assert_allclose(found, expected, atol=2e-6)
    assert clip.embed_prompt("")[1] == 0


def test_checks_come_every_few_frames(clip: Clip) -> None:
    calls: list[int] = []

    def stop() -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        clip.embed_images(FRAMES, stop)


def test_the_backbone_is_named(clip: Clip, clip_folder: Path) -> None:
    found = clip.description
    assert (found.folder, found.name_or_path) == ("tiny-clip", "tests/tiny-clip")
    assert (found.vision.hidden_size, found.vision.num_hidden_layers, found.patch_size) == (32, 2, 8)
    assert (found.text.hidden_size, found.projection_dim, found.image_size) == (24, 16, 32)
    digest = hashlib.sha256((clip_folder / "model.safetensors").read_bytes()).hexdigest()
    assert found.weights_sha256 == {"model.safetensors": digest}
    assert found.in_words().startswith("tests/tiny-clip (ViT of 2 layers and width 32, patches of 8")


def test_half_precision_several_files_and_older_names(clip: Clip, changed: Path) -> None:
    state = {name: tensor.half() for name, tensor in load_file(changed / "model.safetensors").items()}
    state["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    names = sorted(state)
    for number, part in enumerate((names[:20], names[20:]), start=1):
        save_file({name: state[name] for name in part}, changed / f"model-0000{number}-of-00002.safetensors")
    (changed / "model.safetensors").unlink()
    rewrite(changed / "config.json", torch_dtype="float16", dtype="float16")
    opened = open_clip(changed)
    assert len(opened.description.weights_sha256) == 2
    np.testing.assert_allclose(opened.embed_images(FRAMES[:2]), clip.embed_images(FRAMES[:2]), atol=0.02)


def test_the_tokenizer_as_one_file(clip: Clip, clip_folder: Path, changed: Path) -> None:
    _, processor = theirs(clip_folder)
    processor.tokenizer.save_pretrained(changed)
    (changed / "vocab.json").unlink()
    (changed / "merges.txt").unlink()
    assert np.array_equal(open_clip(changed).embed_prompt(PROMPT)[0], clip.embed_prompt(PROMPT)[0])


def remove(*names: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return damage


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return damage


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def of_another_model(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["vision_config"]["hidden_size"] = 40
    (folder / "config.json").write_text(json.dumps(config))


def with_less(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    save_file({name: tensor for name, tensor in state.items() if name != "logit_scale"}, folder / "model.safetensors")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (remove("config.json"), "no config.json"),
        (remove("preprocessor_config.json"), "no preprocessor_config.json"),
        (remove("merges.txt"), "no tokenizer.json, or vocab.json and merges.txt"),
        (remove("model.safetensors"), "expected model.safetensors, found none. Get"),
        (pickled, "pytorch_model.bin, a pickle, which can hide programs"),
        (write("config.json", b"{"), "expected a CLIP that transformers reads"),
        (write("config.json", b'{"model_type": "siglip"}'), "expected the model_type 'clip', found 'siglip'"),
        (write("config.json", b"[]"), "expected a CLIP that transformers reads"),
        (write("model.safetensors", b"x" * 100), "expected safetensors, found a header of"),
        (write("model.safetensors", b"\x02\0\0\0\0\0\0\0{}"), "of another shape"),
        (write("vocab.json", b"{}"), "expected a tokenizer of 514 tokens, as config.json says, found 2"),
        (write("vocab.json", b"7"), "expected a CLIP that transformers reads"),
        (write("preprocessor_config.json", b"7"), "expected a CLIP that transformers reads"),
        (of_another_model, "expected the weights of the CLIP that config.json describes"),
        (with_less, "logit_scale"),
    ],
)
def test_wrong_folders(damage: Callable[[Path], None], said: str, changed: Path) -> None:
    damage(changed)
    with pytest.raises(ModelError) as raised:
        open_clip(changed)
    assert said in str(raised.value)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected the folder of a CLIP, found none"):
        open_clip(tmp_path / "gone")


def test_code_beside_the_weights_is_not_run(clip: Clip, changed: Path, tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    code = f"open({str(canary)!r}, 'w').close()\nclass Theirs:\n    pass\n"
    (changed / "theirs.py").write_text(code)
    auto_map = dict.fromkeys(("AutoConfig", "AutoModel", "AutoTokenizer", "AutoImageProcessor"), "theirs.Theirs")
    for name in ("config.json", "preprocessor_config.json"):
        rewrite(changed / name, auto_map=auto_map)
    (changed / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": str(tmp_path)}))
    found = open_clip(changed).embed_images(FRAMES[:1])
    np.testing.assert_array_equal(found, clip.embed_images(FRAMES[:1]))
    assert not canary.exists()


def test_nan(changed: Path) -> None:
    state = load_file(changed / "model.safetensors")
    state["visual_projection.weight"][0, 0] = float("nan")
    save_file(state, changed / "model.safetensors")
    opened = open_clip(changed)
    with pytest.raises(NumericError, match="found NaN"):
        opened.embed_images(FRAMES[:1])
