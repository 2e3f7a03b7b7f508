"""A CLIP from a folder of the user's: embeddings of pictures and of a prompt, without a network and without pickle."""

import hashlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image

from pia_edge._privacy import silence_runtimes
from pia_edge.bundle.safetensors_header import read_safetensors_header
from pia_edge.errors import BundleError, ModelError, NumericError
from pia_edge.evaluation.report import Backbone, Transformer, in_unicode

if TYPE_CHECKING:
    from torch import Tensor

Embeddings = npt.NDArray[np.float32]

_CONFIG, _PREPROCESSOR = "config.json", "preprocessor_config.json"
_TOKENIZERS = (("tokenizer.json",), ("vocab.json", "merges.txt"))
_BATCH = 16
# Older files of weights hold these two, which are the numbers 0, 1, 2, …
_POSITIONS = ("text_model.embeddings.position_ids", "vision_model.embeddings.position_ids")


class Clip:
    """CLIP's two encoders in float32 on the processor, with the folder's own tokenizer and preprocessor."""

    def __init__(self, model: Any, tokenizer: Any, preprocessor: Any, description: Backbone) -> None:
        self.description = description
        self._model = model
        self._tokenizer = tokenizer
        self._preprocessor = preprocessor

    def embed_images(self, pictures: npt.NDArray[np.uint8], check: Callable[[], None] = lambda: None) -> Embeddings:
        """Return unit vectors (pictures, projection_dim) of pictures uint8 RGB (pictures, height, width, 3).

        The preprocessor scales the shorter side and crops the middle, as CLIP's own does. ``check`` is called before
        every 16 pictures and may raise.

        Raises:
            NumericError: the model gives NaN or infinity.
        """
        import torch

        found = []
        for first in range(0, len(pictures), _BATCH):
            check()
            images = [Image.fromarray(pixels) for pixels in pictures[first : first + _BATCH]]
            pixel_values = self._preprocessor(images=images, return_tensors="pt")["pixel_values"]
            with torch.inference_mode():
                found.append(self._model.get_image_features(pixel_values=pixel_values))
        return _unit(torch.cat(found))

    def embed_prompt(self, prompt: str) -> tuple[Embeddings, int]:
        """Return the unit vector (projection_dim,) of a prompt, and how many of its tokens did not fit and were cut.

        Raises:
            NumericError: the model gives NaN or infinity.
        """
        import torch

        ids: list[int] = self._tokenizer(prompt, verbose=False)["input_ids"]
        room = int(self._model.config.text_config.max_position_embeddings)
        cut = max(0, len(ids) - room)
        if cut:
            ids = [*ids[: room - 1], ids[-1]]
        with torch.inference_mode():
            return _unit(self._model.get_text_features(input_ids=torch.tensor([ids])))[0], cut


def open_clip(folder: Path) -> Clip:
    """Return the CLIP in a folder as transformers writes it, with weights as safetensors.

    Raises:
        ModelError: a file is missing or damaged, or the folder holds another kind of model.
    """
    silence_runtimes()
    with _explained(folder), warnings.catch_warnings():
        # transformers warns about its own deprecations.
        warnings.simplefilter("ignore")
        _check_present(folder)
        weights = _weight_files(folder)
        from transformers import CLIPConfig, CLIPImageProcessor, CLIPTokenizerFast

        described = msgspec.json.decode((folder / _CONFIG).read_bytes(), type=dict[str, Any])
        if (kind := described.get("model_type")) != "clip":
            raise ModelError(f"{folder / _CONFIG}: expected the model_type 'clip', found {str(kind)[:80]!a}.")
        # Classes are named here: what the folder says of its own code ("auto_map") is never read.
        config = CLIPConfig.from_dict(described)
        model = _model(config, weights, folder)
        if (folder / "tokenizer.json").is_file():
            tokenizer = CLIPTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
        else:
            vocabulary, merges = (str(folder / name) for name in _TOKENIZERS[1])
            tokenizer = CLIPTokenizerFast(vocab_file=vocabulary, merges_file=merges)
        if len(tokenizer) != config.text_config.vocab_size:
            raise ModelError(
                f"{folder}: expected a tokenizer of {config.text_config.vocab_size} tokens, as {_CONFIG} says, found "
                f"{len(tokenizer)}. Get all files of one model."
            )
        preprocessor = CLIPImageProcessor.from_json_file(folder / _PREPROCESSOR)
        name = str(described.get("_name_or_path") or "")
        return Clip(model, tokenizer, preprocessor, _described(config, folder, name, weights))


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ModelError, MemoryError):
        raise
    except Exception as error:  # the libraries raise a dozen kinds for damaged files, all meaning the same
        raise ModelError(
            f"{folder}: expected a CLIP that transformers reads, found: {type(error).__name__}: {str(error)[:300]}. "
            "Get the folder again."
        ) from error


def _check_present(folder: Path) -> None:
    if not folder.is_dir():
        raise ModelError(f"{folder}: expected the folder of a CLIP, found none. Correct the path.")
    missing = [name for name in (_CONFIG, _PREPROCESSOR) if not (folder / name).is_file()]
    if not any(all((folder / name).is_file() for name in names) for names in _TOKENIZERS):
        missing.append("tokenizer.json, or vocab.json and merges.txt")
    if missing:
        raise ModelError(
            f"{folder}: expected the folder of a CLIP as transformers writes it, found no {'; no '.join(missing)}. Get "
            "all files of the model, for example of openai/clip-vit-base-patch32."
        )


def _weight_files(folder: Path) -> list[Path]:
    found = [folder / "model.safetensors"]
    if not found[0].is_file():
        found = sorted(folder.glob("model-*-of-*.safetensors"))
    if not found:
        pickles = [name for name in ("pytorch_model.bin", "open_clip_pytorch_model.bin") if (folder / name).exists()]
        only = f" but {pickles[0]}, a pickle, which can hide programs" if pickles else ""
        raise ModelError(
            f"{folder}: expected model.safetensors, found none{only}. Get the model's weights as .safetensors."
        )
    for path in found:
        try:
            read_safetensors_header(path)
        except BundleError as error:
            raise ModelError(str(error)) from error
    return found


def _model(config: Any, weights: Sequence[Path], folder: Path) -> Any:
    """Return the model with its weights in float32; it is never filled with numbers before."""
    import torch
    from safetensors.torch import load_file
    from transformers import CLIPModel

    state: dict[str, Tensor] = {}
    for path in weights:
        state |= {name: tensor.float() for name, tensor in load_file(path).items() if name not in _POSITIONS}
    with torch.device("meta"):
        model = CLIPModel(config)
    expected = model.state_dict()
    wrong = sorted(expected.keys() ^ state.keys()) or sorted(
        name for name in expected if expected[name].shape != state[name].shape
    )
    if wrong:
        raise ModelError(
            f"{folder}: expected the weights of the CLIP that {_CONFIG} describes, found {len(wrong)} missing, unknown "
            f"or of another shape ({', '.join(wrong[:3])}). Get all files of one model."
        )
    model.load_state_dict(state, assign=True)
    for embeddings in (model.text_model.embeddings, model.vision_model.embeddings):
        embeddings.position_ids = torch.arange(embeddings.position_embedding.num_embeddings).expand((1, -1))
    return model.eval()


def _unit(features: "Tensor") -> Embeddings:
    vectors: Embeddings = features.float().numpy()
    if not np.isfinite(vectors).all() or not vectors.any(axis=-1).all():
        raise NumericError("Expected embeddings, found NaN, infinity or zeros. Get the weights of this CLIP again.")
    unit: Embeddings = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit


def _described(config: Any, folder: Path, name: str, weights: Sequence[Path]) -> Backbone:
    vision, text = config.vision_config, config.text_config
    return Backbone(
        folder=in_unicode(folder.resolve().name),
        name_or_path=name,
        vision=_transformer(vision),
        patch_size=int(vision.patch_size),
        image_size=int(vision.image_size),
        text=_transformer(text),
        projection_dim=int(config.projection_dim),
        weights_sha256={path.name: _sha256(path) for path in weights},
    )


def _transformer(config: Any) -> Transformer:
    return Transformer(
        hidden_size=int(config.hidden_size),
        num_hidden_layers=int(config.num_hidden_layers),
        num_attention_heads=int(config.num_attention_heads),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
