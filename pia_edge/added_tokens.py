"""Textual-inversion embeddings in a prompt: which words stand for them, and for which token ids.

A word that stands for several vectors adds the tokens ``word``, ``word_1``, ``word_2`` and so on, and stands for
all of them in a prompt, as `load_textual_inversion` of diffusers has it. Words are found

- in any case, in composed or decomposed form, and with any white space for a space of the word: as other text is;
- inside longer words and beside punctuation: with the word ``cat``, "cats" is read as ``cat`` and "s";
- from left to right, the longest first where several words start at the same place.

For a prompt that writes the words as they were added, the ids are those of diffusers with
`transformers.CLIPTokenizer`, which finds words in no other spelling. `transformers.CLIPTokenizerFast` finds them in
any, but then, and for every word with capitals, diffusers reads the first vector only; here all vectors are read.
diffusers replaces words in the prompt's text, one after the other, and takes a word called ``word_1`` for the second
vector of ``word``: where two words of a prompt are part of each other it may read something else than either.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pia_edge.errors import BundleError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_WORDS = 1000
MAX_WORD_LENGTH = 256
MAX_VECTORS = 75
"""Vectors of one word: as many as a prompt can hold."""


def add_words(tokenizer: "Tokenizer", added: Mapping[str, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """Let ``tokenizer`` find the words of ``added``; return the ids of each word of several vectors by its first id.

    Raises:
        BundleError: there are more than 1000 words; a word is blank, longer than 256 characters, a token already
            or equal to another but for case; its ids are none, more than 75, or not the next ones above the others.
    """
    from tokenizers import AddedToken

    if len(added) > MAX_WORDS:
        raise _error(f"at most {MAX_WORDS} words", str(len(added)))
    next_id = tokenizer.get_vocab_size()
    names: list[str] = []
    for word, ids in added.items():
        _check_word(word)
        _check_ids(word, ids, next_id)
        next_id += len(ids)
        names += [word, *(f"{word}_{index}" for index in range(1, len(ids)))]
    _check_names(tokenizer, names)
    tokenizer.add_tokens([AddedToken(name, normalized=True) for name in names])
    return {ids[0]: tuple(ids) for ids in added.values() if len(ids) > 1}


def _check_word(word: str) -> None:
    if not word.strip():
        raise _error("words of at least one visible character", f"{word!a}")
    if len(word) > MAX_WORD_LENGTH:
        raise _error(f"words of at most {MAX_WORD_LENGTH} characters", f"{len(word)} in {word[:30]!a}...")


def _check_ids(word: str, ids: tuple[int, ...], next_id: int) -> None:
    if not 1 <= len(ids) <= MAX_VECTORS:
        raise _error(f"1 to {MAX_VECTORS} token ids for {word!a}", str(len(ids)))
    if tuple(ids) != tuple(range(next_id, next_id + len(ids))):
        raise _error(f"the ids from {next_id} to {next_id + len(ids) - 1} for {word!a}", f"{list(ids)}")


def _check_names(tokenizer: "Tokenizer", names: list[str]) -> None:
    """Check that each name is found for itself: names that are equal as the tokenizer reads them hide each other."""
    special = {token.content for token in tokenizer.get_added_tokens_decoder().values()}
    seen: dict[str, str] = {}
    for name in names:
        read = tokenizer.normalizer.normalize_str(name)
        if read in special or tokenizer.token_to_id(name) is not None:
            raise _error("words that are not tokens of the vocabulary", f"{name!a}")
        if read in seen:
            raise _error("words that differ in more than case, spacing and composition", f"{seen[read]!a} and {name!a}")
        seen[read] = name


def _error(expected: str, found: str) -> BundleError:
    return BundleError(
        f"manifest, added_tokens: expected {expected}, found {found}. "
        "Import the bundle again, and choose other words for the embeddings if need be."
    )
