"""Finding CLIP's vocabulary: single files of a model carry none."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pia_edge.bundle.store import Store
from pia_edge.errors import BundleError, ModelError
from pia_edge.importer.model import has_tokenizer
from pia_edge.importer.tensor_file import explained
from pia_edge.tokenizer import ClipTokenizer


def find_tokenizer(given: Path | None, beside: tuple[Path | None, ...], num_tokens: int) -> Path:
    """Return a folder with a ``vocab.json`` of ``num_tokens`` tokens and its ``merges.txt``.

    Args:
        given: what the user named; nothing else is tried then.
        beside: folders of the models that are imported.
        num_tokens: rows of the text encoder's table.

    Raises:
        ModelError: the folder named does not fit, or none is found.
    """
    if given is not None:
        _check(given, num_tokens)
        return given
    for folder in (*filter(None, beside), *_elsewhere()):
        if has_tokenizer(folder) and vocabulary_size(folder) == num_tokens:
            _check(folder, num_tokens)
            return folder
    raise ModelError(
        f"Expected CLIP's vocabulary of {num_tokens} tokens, which a single file does not carry; found none beside the "
        "model, in Hugging Face's cache or in the bundles here. Fetch vocab.json and merges.txt, two small files of "
        "openai/clip-vit-large-patch14 or of any Stable Diffusion 1.5 folder, and name their folder with --tokenizer."
    )


def check_words(folder: Path, added: Mapping[str, tuple[int, ...]]) -> None:
    """Check that the tokenizer in ``folder`` takes the words of textual-inversion embeddings.

    Raises:
        ModelError: one is a token already, is taken twice, or stands for too many tokens.
    """
    try:
        ClipTokenizer.open(folder / "vocab.json", folder / "merges.txt", added=added)
    except UnicodeEncodeError as error:
        raise ModelError(
            f"Expected Unicode for an embedding's word, found {error.object[:80]!a}, perhaps its file's name. Choose "
            "another word, as in --embedding FILE:WORD."
        ) from error
    except BundleError as error:
        raise ModelError(
            f"An embedding's word cannot be used: {error} Choose another word, as in --embedding FILE:WORD."
        ) from error


def vocabulary_size(folder: Path) -> int:
    """Return how many tokens the vocabulary in ``folder`` has, 0 if it cannot be read."""
    try:
        return len(msgspec.json.decode((folder / "vocab.json").read_bytes(), type=dict[str, int]))
    except (OSError, msgspec.MsgspecError):
        return 0


def _check(folder: Path, num_tokens: int) -> None:
    with explained(folder):
        if not has_tokenizer(folder):
            raise ModelError(
                f"{folder}: expected a folder with vocab.json and merges.txt, found none. Correct the path."
            )
        try:
            ClipTokenizer.open(folder / "vocab.json", folder / "merges.txt")
        except BundleError as error:
            raise ModelError(str(error)) from error
    size = vocabulary_size(folder)
    if size != num_tokens:
        raise ModelError(
            f"{folder}: expected a vocabulary of {num_tokens} tokens, which the text encoder knows, found {size}. "
            "Name the tokenizer of this model with --tokenizer."
        )


def _elsewhere() -> Iterator[Path]:
    """Folders of this computer that may hold CLIP's vocabulary: Hugging Face's cache, then our bundles."""
    home = Path(os.environ.get("HF_HOME", Path.home() / ".cache" / "huggingface"))
    cache = Path(os.environ.get("HF_HUB_CACHE", home / "hub"))
    for pattern in ("models--openai--clip-vit-large-patch14/snapshots/*", "models--*/snapshots/*/tokenizer"):
        yield from sorted(cache.glob(pattern))
    store = Store.open()
    yield from (store.path(name) for name in store.names())
