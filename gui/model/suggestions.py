"""Words for movement that the sample model was trained on, and that other models mostly know."""

MOTION_WORDS = (
    "night falls",
    "the sun rises",
    "the sun sets",
    "it snows",
    "it rains",
    "fog rolls in",
    "waves roll",
    "the wind blows",
    "fire flickers",
    "camera zooms in",
    "camera pans left",
)


def with_words(prompt: str, words: str) -> str:
    """Return ``prompt`` with ``words`` at its end, or without them where they are in it already."""
    parts = [part.strip() for part in prompt.split(",") if part.strip()]
    if words in parts:
        return ", ".join(part for part in parts if part != words)
    return ", ".join([*parts, words])
