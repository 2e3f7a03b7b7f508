"""The tokenizer against transformers, on a small vocabulary trained here."""

import json
import random
import time
import unicodedata
from pathlib import Path

import pytest
from tokenizers import (
    Regex,
    Tokenizer,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)
from transformers import CLIPTokenizer, CLIPTokenizerFast

from pia_edge.errors import BundleError, RequestError
from pia_edge.tokenizer import END, START, ClipTokenizer

TEXT = "The quick brown fox jumps over the lazy dog, and a cat walks on a sunny beach. It's 日本語 émile 🙂 مرحبا "


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """vocab.json and merges.txt as CLIP lays them out: letters, letters that end a word, merges, start, end."""
    trained = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    trained.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    trained.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\s+"), "removed"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(vocab_size=600, end_of_word_suffix="</w>", show_progress=False)
    trained.train_from_iterator([TEXT] * 3, trainer)
    merges = json.loads(trained.to_str())["model"]["merges"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [*letters, *(letter + "</w>" for letter in letters), *(a + b for a, b in merges), START, END]
    tokens = list(dict.fromkeys(tokens))
    folder = tmp_path_factory.mktemp("clip")
    vocab, merges_file = folder / "vocab.json", folder / "merges.txt"
    vocab.write_text(json.dumps({token: number for number, token in enumerate(tokens)}), encoding="utf-8")
    lines = ["#version: 0.2", *(f"{a} {b}" for a, b in merges)]
    merges_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return vocab, merges_file


@pytest.fixture(scope="module")
def tokenizer(files: tuple[Path, Path]) -> ClipTokenizer:
    return ClipTokenizer.open(*files)


@pytest.fixture(scope="module")
def fast(files: tuple[Path, Path]) -> CLIPTokenizerFast:
    return CLIPTokenizerFast(*map(str, files))


@pytest.fixture(scope="module")
def slow(files: tuple[Path, Path]) -> CLIPTokenizer:
    tokenizer = CLIPTokenizer(*map(str, files))
    if tokenizer.fix_text is not None:
        pytest.skip("with ftfy installed the slow tokenizer repairs text, which is another behaviour")
    return tokenizer


def hf_ids(tokenizer: CLIPTokenizer | CLIPTokenizerFast, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, padding="max_length", truncation=True, max_length=77)["input_ids"]
    return ids


PIECES = [
    *"abcdeghiorstxyzABCDEXYZ0123456789 .,!?'\"#-_/\\<>|",
    *("the", " cat", "walks ", "it's", "I'LL", "don't", "'re", "beach", START, END, "<|EndOfText|>", "<|"),
    *("🙂", "👩‍👩‍👧", "👍🏽", "🇯🇵", "日本", "語", "한국어", "𠀀", "مرحبا", "שלום", "ไทย", "हिन्दी"),
    *("e\u0301", "a\u0308\u0304", "\u0301", "Z\u0335\u0348\u0326", "ñ", "n\u0303", "Å", "K", "fi", "ß", "İ", "Σ"),
    *("\u200d", "\u200b", "\u202e", "\ufeff", "\ufffd", "\u2028", "\u00a0", "\u3000", "\u0085", "\x00", "\x07"),
    *("\x1c", "\x7f", "\r\n", "\n", "\t", "  ", "½", "²", "٣", "Ⅷ", "€", "—", "…", "\U0010fffd", "\ue000"),
]


def random_texts(number: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    texts = ["", " ", "\n\t ", "a" * 500, "🙂" * 100, " ".join(["cat"] * 75), " ".join(["cat"] * 76)]
    while len(texts) < number:
        length = rng.choice([1, 3, 10, 40, 300])
        if rng.random() < 0.2:
            codes = [rng.choice([rng.randrange(0x3000), rng.randrange(0x110000)]) for _ in range(length)]
            texts.append("".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000))
        else:
            texts.append("".join(rng.choice(PIECES) for _ in range(length)))
    return texts


def test_ids_equal_the_fast_clip_tokenizer(tokenizer: ClipTokenizer, fast: CLIPTokenizerFast) -> None:
    for text in random_texts(1200, seed=7):
        tokens = tokenizer.encode(text)
        assert tokens.ids.tolist() == hf_ids(fast, text), ascii(text)
        assert tokens.count == len(fast(text, add_special_tokens=False)["input_ids"]), ascii(text)
        assert (tokens.truncated == "") == (tokens.count <= 75), ascii(text)
        assert text.endswith(tokens.truncated)


def test_ids_equal_the_slow_clip_tokenizer_for_common_text(tokenizer: ClipTokenizer, slow: CLIPTokenizer) -> None:
    rng = random.Random(3)
    plain = [piece for piece in PIECES if piece.isascii() and piece.isprintable()] + ["é", "ñ", "🙂", "ü "]
    plain.remove("<|EndOfText|>")
    for _ in range(400):
        text = "".join(rng.choice(plain) for _ in range(rng.choice([3, 20, 120])))
        assert tokenizer.encode(text).ids.tolist() == hf_ids(slow, text), ascii(text)


@pytest.mark.parametrize("text", ["日本語", "x\x00y", "x\ufffdy", "a\u200db", "ΟΔΟΣ", "|<|EndOfText|>"])
def test_where_the_slow_clip_tokenizer_differs(
    text: str, tokenizer: ClipTokenizer, slow: CLIPTokenizer, fast: CLIPTokenizerFast
) -> None:
    assert tokenizer.encode(text).ids.tolist() == hf_ids(fast, text)
    assert tokenizer.encode(text).ids.tolist() != hf_ids(slow, text)


def test_nothing_is_cut_silently(tokenizer: ClipTokenizer) -> None:
    fitting = " ".join(["cat"] * 75)
    tokens = tokenizer.encode(fitting)
    assert (tokens.count, tokens.truncated) == (75, "")
    tokens = tokenizer.encode(f"{fitting}  and ÉMILE walks.")
    assert tokens.truncated == "and ÉMILE walks."
    assert tokens.count > 75
    assert tokenizer.encode(fitting).ids.tolist() == tokens.ids.tolist()
    assert tokenizer.encode(f"{fitting} \n ").truncated == ""


def test_the_cut_tail_starts_where_the_kept_text_ends(tokenizer: ClipTokenizer) -> None:
    words = ["café ", "beach ", "walks ", "🙂 ", "日本語 ", "it's ", "e\u0301 ", "<|endoftext|> ", "42 "]
    rng = random.Random(5)
    for _ in range(100):
        text = "".join(rng.choice(words) for _ in range(60))
        tokens = tokenizer.encode(text)
        kept = text[: len(text) - len(tokens.truncated)]
        assert tokens.truncated
        assert tokenizer.encode(kept).count <= 76
        assert tokenizer.encode(tokens.truncated).count >= tokens.count - 76


def test_composed_and_decomposed_text_are_the_same(tokenizer: ClipTokenizer) -> None:
    text = "Émile à la plage, Å"
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert composed != decomposed
    assert tokenizer.encode(composed).ids.tolist() == tokenizer.encode(decomposed).ids.tolist()


def test_shape_and_padding(tokenizer: ClipTokenizer, files: tuple[Path, Path]) -> None:
    ids = tokenizer.encode("").ids
    vocabulary = json.loads(files[0].read_text(encoding="utf-8"))
    assert ids.dtype == "int64"
    assert ids.tolist() == [vocabulary[START], *[vocabulary[END]] * 76]
    padded_otherwise = ClipTokenizer.open(*files, pad_token="!").encode("")
    assert padded_otherwise.ids.tolist() == [vocabulary[START], vocabulary[END], *[vocabulary["!"]] * 75]


LONG = {
    "words": "a cat walks " * 90_000,
    "one word": "a" * 1_000_000,
    "emoji": "🙂" * 250_000,
    "combining marks": "e" + "\u0301" * 500_000,
    "spaces": " " * 1_000_000,
    "spaces first": " " * 900_000 + "cat " * 100,
    "short words, then a long one": "cat " * 50 + "b" * 1_000_000,
    "ends": END * 77_000,
}


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_takes_less_than_a_second(kind: str, tokenizer: ClipTokenizer) -> None:
    text = LONG[kind]
    started = time.process_time()
    tokens = tokenizer.encode(text)
    assert time.process_time() - started < 1
    assert tokens.ids.shape == (77,)
    assert text.endswith(tokens.truncated)
    assert bool(tokens.truncated) == (kind != "spaces")
    assert tokens.count == 0 if kind == "spaces" else tokens.count > 75


@pytest.mark.parametrize("kind", ["words", "spaces first", "ends"])
def test_long_texts_have_the_ids_of_the_fast_clip_tokenizer(
    kind: str, tokenizer: ClipTokenizer, fast: CLIPTokenizerFast
) -> None:
    text = LONG[kind][:950_000] if kind == "spaces first" else LONG[kind][:150_000]
    assert tokenizer.encode(text).ids.tolist() == hf_ids(fast, text)


def test_half_a_surrogate_pair_is_refused(tokenizer: ClipTokenizer) -> None:
    with pytest.raises(RequestError, match="surrogate"):
        tokenizer.encode("a cat \ud83d")


BROKEN_VOCABULARIES = {
    "not JSON": b"{",
    "not UTF-8": b'{"\xff": 0}',
    "a list": b"[1, 2]",
    "a text as id": b'{"a": "0"}',
    "a gap": b'{"<|startoftext|>": 0, "<|endoftext|>": 2}',
    "a repetition": b'{"<|startoftext|>": 0, "<|endoftext|>": 0}',
    "no end": b'{"<|startoftext|>": 0}',
    "empty": b"",
    "huge ids": b'{"<|startoftext|>": 0, "<|endoftext|>": 99999999999999999999999}',
}


@pytest.mark.parametrize("kind", BROKEN_VOCABULARIES)
def test_broken_vocabularies_are_refused(kind: str, files: tuple[Path, Path], tmp_path: Path) -> None:
    vocab = tmp_path / "vocab.json"
    vocab.write_bytes(BROKEN_VOCABULARIES[kind])
    with pytest.raises(BundleError, match="expected"):
        ClipTokenizer.open(vocab, files[1])


BROKEN_MERGES = {
    "no header": b"a b\n",
    "one token": b"#version: 0.2\na b\nc\n",
    "three tokens": b"#version: 0.2\na b c\n",
    "foreign tokens": b"#version: 0.2\nq zz\n",
    "foreign result": b"#version: 0.2\nz q\n",
    "not UTF-8": b"#version: 0.2\n\xff\xfe a\n",
    "empty": b"",
}


@pytest.mark.parametrize("kind", BROKEN_MERGES)
def test_broken_merges_are_refused(kind: str, files: tuple[Path, Path], tmp_path: Path) -> None:
    merges = tmp_path / "merges.txt"
    merges.write_bytes(BROKEN_MERGES[kind])
    with pytest.raises(BundleError, match="expected"):
        ClipTokenizer.open(files[0], merges)


def test_missing_files_are_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="expected"):
        ClipTokenizer.open(tmp_path / "vocab.json", files[1])
    with pytest.raises(BundleError, match="expected"):
        ClipTokenizer.open(files[0], tmp_path)
    with pytest.raises(BundleError, match="'<pad>'"):
        ClipTokenizer.open(*files, pad_token="<pad>")


def test_a_vocabulary_without_merges_and_windows_line_ends(
    files: tuple[Path, Path], tmp_path: Path, tokenizer: ClipTokenizer
) -> None:
    bare = tmp_path / "bare.txt"
    bare.write_bytes(b"#version: 0.2\n")
    assert ClipTokenizer.open(files[0], bare).encode("a cat").count == 4
    windows = tmp_path / "windows.txt"
    windows.write_bytes(files[1].read_bytes().replace(b"\n", b"\r\n"))
    assert ClipTokenizer.open(files[0], windows).encode(TEXT).ids.tolist() == tokenizer.encode(TEXT).ids.tolist()
