"""A tokenizer folder with as many tokens as the text encoder knows: byte letters, merges, start and end."""

import json
from pathlib import Path
from typing import Any

from tests.bundles import write_byte_tokenizer
from tests.standins.sizes import StandIn


def write_tokenizer(folder: Path, size: StandIn) -> Path:
    """Write vocab.json, merges.txt and the two files that name the special tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    vocab, merges = write_byte_tokenizer(folder)
    _add_merges(vocab, merges, size.vocabulary)
    special = {
        "bos_token": _token("<|startoftext|>"),
        "eos_token": _token("<|endoftext|>"),
        "pad_token": "<|endoftext|>",
        "unk_token": _token("<|endoftext|>"),
    }
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2))
    added = {name: token | {"__type": "AddedToken"} for name, token in special.items() if isinstance(token, dict)}
    config = {
        "add_prefix_space": False,
        "do_lower_case": True,
        "errors": "replace",
        "model_max_length": 77,
        "name_or_path": "openai/clip-vit-large-patch14",
        "pad_token": "<|endoftext|>",
        "special_tokens_map_file": "./special_tokens_map.json",
        "tokenizer_class": "CLIPTokenizer",
        **added,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    return folder


def _add_merges(vocab: Path, merges: Path, size: int) -> None:
    """Add merges of two letters until the vocabulary has ``size`` tokens; real ones are words, these are not."""
    *tokens, start, end = json.loads(vocab.read_text(encoding="utf-8"))
    letters = tokens[:256]
    count = size - len(tokens) - 2
    pairs = [(left, right) for left in letters for right in letters][:count]
    ordered = [*tokens, *(left + right for left, right in pairs), start, end]
    vocab.write_text(json.dumps({token: index for index, token in enumerate(ordered)}))
    lines = ["#version: 0.2", *(f"{left} {right}" for left, right in pairs)]
    merges.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _token(content: str) -> dict[str, Any]:
    return {"content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
