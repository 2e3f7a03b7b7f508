"""Textual-inversion embeddings: words that a text encoder learned, as rows of its table of tokens."""

from dataclasses import dataclass
from pathlib import Path

from pia_edge.added_tokens import MAX_VECTORS
from pia_edge.errors import ModelError
from pia_edge.importer.kinds import Kind, kind_of
from pia_edge.importer.licence import licence_of
from pia_edge.importer.model import shapes_of
from pia_edge.importer.parts import Ref
from pia_edge.importer.tensor_file import TensorFile, open_tensor_file

_WEB_UI = "string_to_param."
_NAMELESS = ("emb_params", f"{_WEB_UI}*")


@dataclass(frozen=True, kw_only=True, eq=False)
class Embedding:
    """One word and the vectors that stand for it, one token each."""

    word: str
    vectors: Ref
    """(tokens, text channels), or (text channels,) for one token."""
    licence: str

    @property
    def num_tokens(self) -> int:
        """How many of the 75 tokens of a prompt the word takes."""
        return self.vectors.shape[0] if len(self.vectors.shape) == 2 else 1


def open_embedding(path: Path, word: str | None, text_channels: int, *, allow_pickle: bool) -> list[Embedding]:
    """Return the words in the file ``path``, of the web UI's layouts or of diffusers'.

    Args:
        path: the file.
        word: how the prompt calls it; None for the name in the file, or the file's own name.
        text_channels: of the text encoder that will read it.
        allow_pickle: read ``.pt`` and ``.bin`` too.

    Raises:
        ModelError: the file holds no embedding, or one for another model.
    """
    file = open_tensor_file(path, allow_pickle=allow_pickle)
    kind = kind_of(shapes_of(file))
    if kind is not Kind.EMBEDDING:
        raise ModelError(
            f"{path}: expected a textual-inversion embedding for Stable Diffusion 1, found {kind}. Choose another."
        )
    names = [name for name in file.tensors if name in _NAMELESS or name.startswith(_WEB_UI)] or list(file.tensors)
    if word is not None and len(names) > 1:
        raise ModelError(f"{path}: expected one embedding to call {word!a}, found {len(names)}. Leave the word out.")
    found = [
        Embedding(word=word or _word(file, name), vectors=Ref(file, name), licence=licence_of(path, file.values))
        for name in names
    ]
    for embedding in found:
        shape = embedding.vectors.shape
        if shape[-1] != text_channels or 0 in shape:
            raise ModelError(
                f"{path}: expected vectors of {text_channels} numbers, found {shape}. It was made for another model."
            )
        if embedding.num_tokens > MAX_VECTORS:
            raise ModelError(
                f"{path}: expected at most {MAX_VECTORS} vectors, as many as a prompt can hold, found "
                f"{embedding.num_tokens}. Choose another file."
            )
    return found


def _word(file: TensorFile, name: str) -> str:
    if name in _NAMELESS:
        stated = file.values.get("name")
        return stated if isinstance(stated, str) and stated.strip() else file.path.stem
    return name.removeprefix(_WEB_UI)
