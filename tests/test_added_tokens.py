"""Words of textual-inversion embeddings against diffusers: the ids that its pipeline's text encoder receives."""

import json
import random
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from pia_edge.added_tokens import MAX_VECTORS, MAX_WORDS
from pia_edge.errors import BundleError
from pia_edge.tokenizer import END, START, ClipTokenizer
from tests.bundles import TEXT, write_byte_tokenizer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from diffusers import StableDiffusionPipeline
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, CLIPTokenizerFast

FIRST = 514
"""The first id above the byte-level vocabulary."""

SETS: dict[str, dict[str, int]] = {
    "none": {},
    "one vector": {"<cat-toy>": 1},
    "three vectors": {"EasyNegative": 3},
    "a sentence": {"by bad artist": 2},
    "a short word": {"cat": 2},
    "many": {"<cat-toy>": 1, "EasyNegative": 12, "by bad artist": 2, "Größe": 2, "**": 1, "bad_prompt": 8, "日本": 2},
    "within each other": {"easy": 1, "easyneg": 1, "neg": 1, "by easy": 1, "yy": 1},
}
WORDS = sorted({word for words in SETS.values() for word in words})
PROMPTS = [
    *("", " ", "a cat walks", "a <cat-toy> on a beach", "<cat-toy>", "<cat-toy><cat-toy>", "< cat-toy>", "<cat-toy"),
    *("EasyNegative", "EasyNegative, EasyNegative", "xEasyNegativey", "EasyNegatives!", "(EasyNegative:1.2)"),
    *("EasyNegative_1", "EasyNegative_12", "EasyNegative_1_1", "EasyNegative1", "Easy Negative", "EasyNegativ"),
    *("by bad artist", "a picture by bad artist.", "nearby bad artists", "by bad", "by badartist", "bad artist"),
    *("cats and concat", "cat-like cat's cat.", "the cat,cat;cat", "CATalogue", "ca t", "cat\ncat\tcat"),
    *("easyneg easy neg", "by easyneg", "by easy easyneg easy", "negneg", "yyy", "easyeasyneg", "by  easy"),
    *("Größe", "die Größe der <cat-toy>", "***", "2*3", "bad_prompt_2", "bad_prompts", "日本 日本語", "🙂<cat-toy>🙂"),
    *(f"{START} <cat-toy> {END} cat", f"EasyNegative{END}", "don't cat'll", "cat " * 30, "EasyNegative " * 30),
    *("x" * 74 + " EasyNegative", "x" * 75 + " <cat-toy>", "<cat-toy> EasyNegative by bad artist cat easy Größe"),
]


def ids_of(words: dict[str, int]) -> dict[str, tuple[int, ...]]:
    """Give each word the next ids above the vocabulary."""
    added, next_id = {}, FIRST
    for word, count in words.items():
        added[word] = tuple(range(next_id, next_id + count))
        next_id += count
    return added


@dataclass
class Diffusers:
    """A pipeline with embeddings, and the last ids that its text encoder received."""

    pipeline: Any
    received: list[int]

    def ids(self, prompt: str) -> list[int]:
        self.pipeline.encode_prompt(prompt, "cpu", 1, do_classifier_free_guidance=False)
        return self.received


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_byte_tokenizer(tmp_path_factory.mktemp("bytes"))


@pytest.fixture(scope="module")
def ours(files: tuple[Path, Path]) -> Callable[[dict[str, int]], ClipTokenizer]:
    return lambda words: ClipTokenizer.open(*files, added=ids_of(words))


@pytest.fixture(scope="module")
def theirs(files: tuple[Path, Path]) -> Callable[..., Diffusers]:
    def make(words: dict[str, int], tokenizer: Any = CLIPTokenizer) -> Diffusers:
        absent = dict.fromkeys(
            ("vae", "unet", "scheduler", "safety_checker", "feature_extractor", "image_encoder"), None
        )
        pipeline = StableDiffusionPipeline(
            **absent,
            text_encoder=CLIPTextModel(CLIPTextConfig(**TEXT)),
            tokenizer=tokenizer(*map(str, files), model_max_length=77),
            requires_safety_checker=False,
        )
        for word, count in words.items():
            pipeline.load_textual_inversion({word: torch.zeros(count, TEXT["hidden_size"])}, token=word)
        made = Diffusers(pipeline, [])

        def keep(_module: Any, arguments: tuple[Tensor, ...]) -> None:
            made.received = arguments[0][0].tolist()

        pipeline.text_encoder.register_forward_pre_hook(keep)
        return made

    return make


@pytest.fixture
def no_ftfy(files: tuple[Path, Path]) -> None:
    if CLIPTokenizer(*map(str, files)).fix_text is not None:
        pytest.skip("with ftfy installed the slow tokenizer repairs text, which is another behaviour")


def assert_equal(tokenizer: ClipTokenizer, diffusers: Diffusers, prompts: Sequence[str]) -> None:
    for prompt in prompts:
        assert tokenizer.encode(prompt).ids.tolist() == diffusers.ids(prompt), ascii(prompt)


def found_otherwise(prompt: str, words: dict[str, int]) -> bool:
    """Whether a word stands in the prompt in other case or spacing only, which diffusers does not find."""
    exact, read = prompt, " ".join(prompt.split()).lower()
    for index, word in enumerate(sorted(words, key=len, reverse=True)):
        mark = chr(0xE000 + index)
        exact, read = exact.replace(word, mark), read.replace(word.lower(), mark)
    return " ".join(exact.split()).lower() != read


@pytest.mark.parametrize("name", SETS)
@pytest.mark.usefixtures("no_ftfy")
def test_ids_equal_diffusers(name: str, ours: Any, theirs: Any) -> None:
    words = SETS[name]
    prompts = [prompt for prompt in PROMPTS if not found_otherwise(prompt, words)]
    prompts = [prompt for prompt in prompts if "日本" in words or "日本" not in prompt]
    assert len(prompts) >= 35
    assert_equal(ours(words), theirs(words), prompts)


@pytest.mark.parametrize("name", ["many", "within each other"])
@pytest.mark.usefixtures("no_ftfy")
def test_ids_equal_diffusers_for_random_prompts(name: str, ours: Any, theirs: Any) -> None:
    words, rng = SETS[name], random.Random(11)
    pieces = [*words, *words, *" .,-'_<>()1ab", " a cat", " walks ", "é", "🙂", "bad", "easyn", START, END]
    lengths = (1, 3, 8, 20)
    prompts = ["".join(rng.choices(pieces, k=rng.choice(lengths))) for _ in range(300)]
    assert_equal(ours(words), theirs(words), [prompt for prompt in prompts if not found_otherwise(prompt, words)])


@pytest.mark.parametrize("name", ["one vector", "within each other", "singles"])
def test_spelling_counts_as_little_as_for_the_fast_clip_tokenizer(name: str, ours: Any, theirs: Any) -> None:
    words = SETS.get(name, dict.fromkeys(WORDS, 1))
    tokenizer, diffusers, rng = ours(words), theirs(words, CLIPTokenizerFast), random.Random(12)
    pieces = [*words, *words, " a cat ", "CAT", "\u00a0", "\n", "  ", "日本語", "\u200b", "ＥａｓｙＮｅｇａｔｉｖｅ"]
    changes = (str.upper, str.lower, str.title, lambda text: unicodedata.normalize("NFD", text), "\t ".join)
    for _ in range(300):
        prompt = "".join(rng.choice(changes)(rng.choice(pieces)) for _ in range(rng.choice((1, 4, 15))))
        assert_equal(tokenizer, diffusers, [prompt])
    assert_equal(tokenizer, diffusers, [*PROMPTS, "GRO\u0308ße", "By  Bad\r\nArtist", "<CAT-TOY>"])


SPELLINGS = {
    "EasyNegative": ("EasyNegative", "easynegative", "EASYNEGATIVE"),
    "by bad artist": ("by bad artist", "By Bad Artist", "by  bad\n artist", "by\u00a0bad artist"),
    "Größe": ("Größe", "größe", "Gro\u0308ße", "GRÖßE"),
}


@pytest.mark.parametrize("word", SPELLINGS)
def test_every_spelling_is_read_as_all_vectors(word: str, ours: Any, theirs: Any) -> None:
    words = {"<x>": 1, word: 3}
    tokenizer = ours(words)
    expected = [512, FIRST + 1, FIRST + 2, FIRST + 3, *[513] * 73]
    for spelling in SPELLINGS[word]:
        assert tokenizer.encode(spelling).ids.tolist() == expected
    slow, fast = theirs(words), theirs(words, CLIPTokenizerFast)
    other = SPELLINGS[word][2]
    assert slow.ids(other) != expected, "diffusers with the slow tokenizer finds words as they are written only"
    assert fast.ids(other)[:3] == [512, FIRST + 1, 513], "with the fast one it reads the first vector only"


def test_where_diffusers_garbles_words_within_each_other(ours: Any, theirs: Any) -> None:
    words = {"easy": 2, "easyneg": 1, "<x>": 1, "<x>_1": 1}
    tokenizer, diffusers = ours(words), theirs(words)
    for prompt, expected in {"easyneg easy": [516, 514, 515], "<x>": [517], "easy easy_1": [514, 515, 515]}.items():
        assert tokenizer.encode(prompt).ids.tolist() == [512, *expected, *[513] * (76 - len(expected))]
        assert diffusers.ids(prompt) != tokenizer.encode(prompt).ids.tolist()


def test_text_without_the_words_is_read_as_before(files: tuple[Path, Path], ours: Any) -> None:
    plain, rng = ClipTokenizer.open(*files), random.Random(13)
    for words in ({}, SETS["one vector"] | SETS["three vectors"]):
        tokenizer = ours(words)
        for _ in range(200):
            text = "".join(rng.choices("abc <->_1éÉ日🙂.\n", k=rng.choice((3, 30, 200))))
            tokens, before = tokenizer.encode(text), plain.encode(text)
            assert tokens.ids.tolist() == before.ids.tolist()
            assert (tokens.count, tokens.truncated) == (before.count, before.truncated)


@pytest.mark.parametrize("letters", range(70, 78))
@pytest.mark.usefixtures("no_ftfy")
def test_a_word_cut_in_its_middle_is_reported_whole(letters: int, ours: Any, theirs: Any) -> None:
    tokens = ours({"EasyNegative": 3}).encode(prompt := "x" * letters + "  EasyNegative, end")
    assert tokens.ids.tolist() == theirs({"EasyNegative": 3}).ids(prompt)
    assert tokens.count == letters + 3 + 4
    kept = {70: "nd", 71: "end", 72: ", end", 73: "EasyNegative, end", 74: "EasyNegative, end", 75: "EasyNegative, end"}
    assert tokens.truncated == kept.get(letters, "x" * (letters - 75) + "  EasyNegative, end")
    assert len(tokens.ids) == 77


def test_the_cut_tail_is_text_of_the_prompt(ours: Any) -> None:
    tokenizer, rng = ours(SETS["many"]), random.Random(14)
    changes = (str.upper, lambda text: unicodedata.normalize("NFD", text), " \n".join, str)
    for _ in range(200):
        text = " ".join(rng.choice(changes)(rng.choice([*SETS["many"], "é", "a", "İ"])) for _ in range(60))
        tokens = tokenizer.encode(text)
        kept = text[: len(text) - len(tokens.truncated)]
        assert tokens.truncated
        assert text.endswith(tokens.truncated)
        assert tokenizer.encode(kept).count <= 75
        assert tokenizer.encode(kept).count + tokenizer.encode(tokens.truncated).count == tokens.count


def test_a_word_across_the_end_of_the_text_read_first_is_found(ours: Any) -> None:
    tokenizer = ours({"by bad artist": 2})
    for spaces in range(2**16 - 90, 2**16 - 70):
        text = "x" * 74 + " " * spaces + "by bad artist" + " cat" * 100
        tokens = tokenizer.encode(text)
        assert tokens.ids[75:].tolist() == [FIRST, 513]
        assert tokens.truncated == "by bad artist" + " cat" * 100


def test_as_much_as_is_allowed(files: tuple[Path, Path]) -> None:
    words = {f"{number:0256}": 1 for number in range(MAX_WORDS - 1)} | {"all": MAX_VECTORS}
    tokenizer = ClipTokenizer.open(*files, added=ids_of(words))
    assert tokenizer.encode(f"{7:0256}").ids[1] == FIRST + 7
    assert tokenizer.encode("all").count == MAX_VECTORS
    assert tokenizer.encode("all").truncated == ""


BROKEN: dict[str, tuple[dict[str, tuple[int, ...]], str]] = {
    "an id of the vocabulary": ({"<x>": (513,)}, r"the ids from 514 to 514 for '<x>', found \[513\]"),
    "a gap before": ({"<x>": (515,)}, "the ids from 514 to 514"),
    "a gap within": ({"<x>": (514, 516)}, "the ids from 514 to 515"),
    "a gap between": ({"<x>": (514,), "<y>": (516,)}, "the ids from 515 to 515 for '<y>'"),
    "a repetition": ({"<x>": (514,), "<y>": (514,)}, "the ids from 515"),
    "another order": ({"<y>": (515,), "<x>": (514,)}, "the ids from 514"),
    "no id": ({"<x>": ()}, "1 to 75 token ids for '<x>', found 0"),
    "too many ids": ({"<x>": tuple(range(514, 590))}, "found 76"),
    "an empty word": ({"": (514,)}, "visible character, found ''"),
    "a blank word": ({" \n": (514,)}, "visible character"),
    "a long word": ({"x" * 257: (514,)}, "at most 256 characters, found 257"),
    "start": ({START: (514,)}, "not tokens of the vocabulary"),
    "end in capitals": ({END.upper(): (514,)}, "not tokens of the vocabulary"),
    "a token": ({"a</w>": (514,)}, r"not tokens of the vocabulary, found 'a</w>'"),
    "two cases": ({"Cat": (514,), "cAT": (515,)}, "'Cat' and 'cAT'"),
    "two compositions": ({"Él": (514,), "E\u0301l": (515,)}, "differ in more than case"),
    "two spacings": ({"a b": (514,), "a  b": (515,)}, "differ in more than case"),
    "a vector of another": ({"Cat": (514, 515), "cat_1": (516,)}, "'Cat_1' and 'cat_1'"),
    "a thousand and one words": ({f"<{n}>": (514 + n,) for n in range(1001)}, "at most 1000 words, found 1001"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_words_are_refused(kind: str, files: tuple[Path, Path]) -> None:
    added, found = BROKEN[kind]
    with pytest.raises(BundleError, match=found) as error:
        ClipTokenizer.open(*files, added=added)
    assert str(error.value).startswith("manifest, added_tokens: expected ")


@pytest.mark.parametrize("word", ["*", "a", "a</w>", END])
def test_diffusers_refuses_tokens_of_the_vocabulary_too(word: str, ours: Any, theirs: Any) -> None:
    with pytest.raises(BundleError, match="not tokens of the vocabulary"):
        ours({word: 1})
    with pytest.raises(ValueError, match="already in tokenizer vocabulary"):
        theirs({word: 1})


def test_ids_of_the_tests_follow_the_vocabulary(files: tuple[Path, Path]) -> None:
    assert len(json.loads(files[0].read_text(encoding="utf-8"))) == FIRST
