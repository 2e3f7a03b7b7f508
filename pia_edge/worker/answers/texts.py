"""Questions about prompts."""

from functools import lru_cache
from pathlib import Path

from pia_edge.tokenizer import TEXT_TOKENS, ClipTokenizer
from pia_edge.worker.text_questions import Counted, CountTokens, TokensCounted


def count_tokens(question: CountTokens) -> TokensCounted:
    """Return how many tokens each text has, and what of it is not read.

    Raises:
        BundleError: there is no such bundle, or its tokenizer is damaged.
        RequestError: a text is not Unicode.
    """
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.opening import read_manifest

    folder = find_bundle(question.bundle)
    # A name may stand for another bundle by now; the digest of its manifest does not.
    tokenizer = _tokenizer(str(folder), read_manifest(folder)[1])
    encoded = [tokenizer.encode(text) for text in question.texts]
    return TokensCounted(tuple(Counted(one.count, TEXT_TOKENS, one.truncated) for one in encoded))


@lru_cache(maxsize=2)
def _tokenizer(folder: str, _digest: str) -> ClipTokenizer:
    from pia_edge.bundle import Bundle

    bundle = Bundle.open(Path(folder))
    vocab, merges = bundle.manifest.tokenizer
    return ClipTokenizer.open(bundle.path / vocab, bundle.path / merges, added=bundle.manifest.added_tokens)
