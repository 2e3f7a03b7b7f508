"""The written tokenizer files as transformers reads them."""

from pathlib import Path

import pytest
from transformers import CLIPTokenizerFast

from pia_edge.tokenizer import ClipTokenizer
from pia_edge.training.captions import tokenizer_corpus
from pia_edge.training.tokenizer_files import write_tokenizer

TEXTS = [
    "a lighthouse by the sea, camera pans left",
    "Don't  STOP 1234 héllo 日本 🙂!!",
    "",
    "cinematic zoom—in\n of a bear's face, (masterpiece:1.2)",
    "supercalifragilistic ﬁ ½ ß \u0301",
    "word " * 100,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(path, tokenizer_corpus(["a boat on the sea at night", "green hills and trees"]), vocab_size=900)
    return path


@pytest.mark.parametrize("text", TEXTS)
def test_ids_are_those_of_transformers(folder: Path, text: str) -> None:
    theirs = CLIPTokenizerFast(str(folder / "vocab.json"), str(folder / "merges.txt"))
    expected = theirs(text, padding="max_length", max_length=77, truncation=True).input_ids
    ours = ClipTokenizer.open(folder / "vocab.json", folder / "merges.txt")
    assert ours.encode(text).ids.tolist() == expected


def test_common_words_are_single_tokens_and_every_byte_can_be_written(folder: Path) -> None:
    ours = ClipTokenizer.open(folder / "vocab.json", folder / "merges.txt")
    assert ours.encode("camera pans left").count == 3
    theirs = CLIPTokenizerFast(str(folder / "vocab.json"), str(folder / "merges.txt"))
    for code in (*range(33, 127), 0xE9, 0x3A9, 0x65E5, 0x1F642):
        letter = chr(code).lower()
        ids = theirs(letter, add_special_tokens=False).input_ids
        assert theirs.decode(ids).strip() == letter


def test_the_same_texts_give_the_same_files(folder: Path, tmp_path: Path) -> None:
    write_tokenizer(tmp_path, tokenizer_corpus(["a boat on the sea at night", "green hills and trees"]), vocab_size=900)
    for name in ("vocab.json", "merges.txt"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
