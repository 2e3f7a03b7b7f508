"""Makes the tokenizer of the sample model: vocab.json and merges.txt in CLIP's byte-pair format."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

from tokenizers import Regex, normalizers, pre_tokenizers

START, END, WORD_END = "<|startoftext|>", "<|endoftext|>", "</w>"
# How CLIP cuts text before pairing bytes: contractions, runs of letters, single digits, runs of other signs.
CLIP_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"

Word = tuple[str, ...]


def _byte_letters() -> list[str]:
    """Return the 256 letters that stand for bytes in CLIP's order: printable ones, then those above U+0100."""
    return sorted(pre_tokenizers.ByteLevel.alphabet(), key=lambda letter: (ord(letter) >= 256, ord(letter)))


def _words(texts: list[str]) -> Counter[Word]:
    """Count the words of ``texts``, each as its byte letters with the end of the word marked."""
    normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    cutter = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(CLIP_PATTERN), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    counts: Counter[Word] = Counter()
    for text, times in Counter(texts).items():
        for word, _ in cutter.pre_tokenize_str(normalizer.normalize_str(text)):
            counts[(*word[:-1], word[-1] + WORD_END)] += times
    return counts


def _joined(word: Word, pair: tuple[str, str]) -> Word:
    """Return ``word`` with every occurrence of ``pair`` made one token."""
    tokens: list[str] = []
    for token in word:
        if tokens and (tokens[-1], token) == pair:
            tokens[-1] += token
        else:
            tokens.append(token)
    return tuple(tokens)


def learn_merges(texts: list[str], count: int) -> list[tuple[str, str]]:
    """Return up to ``count`` byte-pair merges, most frequent pair first; ties go by the alphabet.

    The library's trainer is faster but breaks ties differently from run to run.
    """
    words = _words(texts)
    merges: list[tuple[str, str]] = []
    pairs: Counter[tuple[str, str]] = Counter()
    for word, times in words.items():
        for pair in pairwise(word):
            pairs[pair] += times
    while len(merges) < count and pairs:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < 2:
            break
        merges.append(best)
        for word in [word for word in words if best in pairwise(word)]:
            times, shorter = words.pop(word), _joined(word, best)
            words[shorter] += times
            for pair in pairwise(word):
                pairs[pair] -= times
            for pair in pairwise(shorter):
                pairs[pair] += times
        del pairs[best]
    return merges


def write_tokenizer(folder: Path, texts: list[str], vocab_size: int = 1536) -> None:
    """Learn merges on ``texts`` and write ``vocab.json`` and ``merges.txt`` into ``folder``.

    Every byte is in the vocabulary, both inside and at the end of a word, so any text can be encoded.
    """
    letters = _byte_letters()
    alphabet = letters + [letter + WORD_END for letter in letters]
    merges = learn_merges(texts, vocab_size - len(alphabet) - 2)
    tokens = alphabet + ["".join(merge) for merge in merges] + [START, END]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(merge) for merge in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
