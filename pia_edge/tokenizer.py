"""CLIP's tokenizer: a prompt to the 77 token ids of a text encoder, and what of the prompt did not fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec
import numpy as np
import numpy.typing as npt

from pia_edge.added_tokens import add_words
from pia_edge.errors import BundleError, RequestError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

CONTEXT_LENGTH = 77
TEXT_TOKENS = CONTEXT_LENGTH - 2
"""Tokens left for the text between the start and the end token."""

START = "<|startoftext|>"
END = "<|endoftext|>"

# CLIP's regular expression for words (Radford et al. 2021, the published tokenizer).
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_READ_AT_FIRST = 2**16


@dataclass(frozen=True, kw_only=True, eq=False)
class Tokens:
    """A prompt as the text encoder reads it."""

    ids: npt.NDArray[np.int64]
    """int64 (77,): start, up to 75 tokens of the text, end, padding."""
    count: int
    """Tokens of the whole text, without start and end; above 65,536 characters, of its beginning at least."""
    truncated: str
    """The end of the text that did not fit, empty if all did; it starts with a word that was cut in its middle."""


class ClipTokenizer:
    """CLIP's byte-level byte-pair encoding, with the ids of `transformers.CLIPTokenizerFast`.

    Text is brought to NFC and lower case, and runs of white space count as one space. The special tokens,
    where they stand in a text, are read as such. `transformers.CLIPTokenizer` without ftfy differs for some
    texts: it drops control and format characters and U+FFFD, sets CJK characters apart as words of their own,
    writes a final capital sigma as ς, and may read a special token in capitals as text; the ids here are
    those of the fast one.

    Words of textual-inversion embeddings become their ids, as `added_tokens` says.
    """

    def __init__(
        self, tokenizer: "Tokenizer", added: Mapping[str, tuple[int, ...]], *, start: int, end: int, padding: int
    ) -> None:
        self._tokenizer = tokenizer
        self._vectors = add_words(tokenizer, added)
        # A word that the end of the read text cuts is read as at most one token for each of its bytes.
        normalize = tokenizer.normalizer.normalize_str
        self._unsure = max((len(normalize(word).encode()) for word in added), default=0)
        self._start = start
        self._end = end
        self._padding = padding

    @classmethod
    def open(
        cls, vocab: Path, merges: Path, *, added: Mapping[str, tuple[int, ...]] | None = None, pad_token: str = END
    ) -> Self:
        """The tokenizer of a bundle's ``vocab.json``, ``merges.txt`` and ``added_tokens``.

        Args:
            vocab: the tokens and their ids, as JSON.
            merges: the pairs of tokens to merge, one a line.
            added: words of textual-inversion embeddings and their token ids, which follow those of the vocabulary.
            pad_token: what fills the ids after the end token.

        Raises:
            BundleError: a file is missing or damaged, lacks a special token, or does not fit the other;
                `added` is not as `added_tokens.add_words` expects it.
        """
        ids = _read_vocab(vocab)
        for token in (START, END, pad_token):
            if token not in ids:
                raise BundleError(
                    f"{vocab}: expected the token {token!r}, which CLIP needs, found {len(ids)} tokens without "
                    "it. Import the bundle again."
                )
        tokenizer = _build(ids, _read_merges(merges), merges)
        return cls(tokenizer, added or {}, start=ids[START], end=ids[END], padding=ids[pad_token])

    def encode(self, text: str) -> Tokens:
        """The token ids of a text, how many it needs, and the part that did not fit.

        A word longer than 32,768 characters may be read as if it ended there, so that the time stays bounded.

        Raises:
            RequestError: the text contains half of a surrogate pair and so is not Unicode.
        """
        encoding = self._encode_beginning(text)
        read: list[int] = []
        starts: list[int] = []
        for token, (start, _) in zip(encoding.ids, encoding.offsets, strict=True):
            vectors = self._vectors.get(token, (token,))
            read += vectors
            starts += [start] * len(vectors)
        ids = np.full(CONTEXT_LENGTH, self._padding, dtype=np.int64)
        kept = read[:TEXT_TOKENS]
        ids[0] = self._start
        ids[1 : len(kept) + 1] = kept
        ids[len(kept) + 1] = self._end
        truncated = "" if len(read) <= TEXT_TOKENS else text[starts[TEXT_TOKENS] :]
        return Tokens(ids=ids, count=len(read), truncated=truncated)

    def _encode_beginning(self, text: str) -> "Encoding":
        """As much of the text as fills the context, tokenized; all of it up to 65,536 characters."""
        length = _READ_AT_FIRST
        try:
            while True:
                beginning = text if len(text) <= length else text[: _word_end(text, length)]
                encoding = self._tokenizer.encode(beginning, add_special_tokens=False)
                if len(beginning) == len(text) or len(encoding.ids) > TEXT_TOKENS + self._unsure:
                    return encoding
                length *= 4
        except (TypeError, UnicodeEncodeError):
            raise RequestError(
                "prompt: expected Unicode text, found half of a surrogate pair. Delete that character."
            ) from None


def _word_end(text: str, length: int) -> int:
    """Where to cut at most `length` characters: before white space if some is near, which only added words span."""
    position = max(text.rfind(space, length // 2, length) for space in " \n\t")
    return position if position > 0 else length


def _read_vocab(path: Path) -> dict[str, int]:
    try:
        ids = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BundleError(
            f"{path}: expected a JSON object of tokens and ids, found: {error}. Import the bundle again."
        ) from error
    if set(ids.values()) != set(range(len(ids))):
        raise BundleError(
            f"{path}: expected each id from 0 to {len(ids) - 1} once for {len(ids)} tokens, found gaps or "
            "repetitions. Import the bundle again."
        )
    return ids


def _read_merges(path: Path) -> list[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").strip().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BundleError(
            f"{path}: expected a text file of merges, found: {error}. Import the bundle again."
        ) from error
    if "#version" not in lines[0]:
        raise BundleError(
            f"{path}: expected a first line with '#version', found {lines[0][:60]!a}. Import the bundle again."
        )
    merges = []
    for number, line in enumerate(lines[1:], start=2):
        parts = line.split()
        if len(parts) != 2:
            raise BundleError(
                f"{path}, line {number}: expected two tokens, found {line[:60]!a}. Import the bundle again."
            )
        merges.append((parts[0], parts[1]))
    return merges


def _build(ids: dict[str, int], merges: list[tuple[str, str]], merges_path: Path) -> "Tokenizer":
    """The steps of CLIP's tokenizer: normalization, words, bytes, merges."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

    for first, second in merges:
        if first not in ids or second not in ids or first + second not in ids:
            raise BundleError(
                f"{merges_path}: expected merges of tokens in the vocabulary, found {first!a} + {second!a}. "
                "The two files do not belong together; import the bundle again."
            )
    tokenizer = Tokenizer(
        models.BPE(
            vocab=ids,
            merges=merges,
            continuing_subword_prefix="",
            end_of_word_suffix="</w>",
            fuse_unk=False,
            unk_token=END,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    special = [AddedToken(token, normalized=True, special=True) for token in (START, END)]
    tokenizer.add_special_tokens(special)
    return tokenizer
