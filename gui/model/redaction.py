"""Taking out of a report what is nobody's business: prompts, names of files and folders, the user's name."""

import getpass
import re
from collections.abc import Iterable

_SHORTEST = 3
"""Characters of a text that is hidden; shorter ones are in every other word."""
# After a path of ours stands what a defect is found by: the file inside the package.
_OURS = re.compile(
    r"""(?<![\w/\\.])(?:[A-Za-z]:)?[/\\](?:[^\n"'<>|:]*[/\\])?(?=(?:pia_edge|PySide6|openvino|onnxruntime)[/\\])"""
)
# From its root to the last separator of the line's part, blanks included, and on to the end of the word.
_PATH = re.compile(
    r"""(?<![\w/\\.<…])(?:[A-Za-z]:[/\\]|~[/\\]|\\\\|/)(?=[^\s/])(?:[^\n"'<>|:;]*[/\\])?[^\s"'<>|:,;()]*"""
)
# A picture or clip by its name alone, as sentences name them.
_FILE = re.compile(
    r"""(?<![\w/\\])[^\s/\\"'<>|:,;()]+\.(?:png|apng|jpe?g|gif|webp|avif|heic|bmp|tiff?|mp4|zip|safetensors|ckpt)\b""",
    re.IGNORECASE,
)


def redacted(text: str, private: Iterable[str]) -> str:
    """Return ``text`` with ``[prompt]`` for each of the ``private`` texts, and ``[path]`` for every path."""
    hidden = sorted({form for each in private for form in _forms(each)}, key=len, reverse=True)
    if hidden:
        # One pass, the longest first: a prompt may be the beginning of another.
        any_of_them = "|".join(re.escape(form) for form in hidden)
        text = re.sub(rf"(?<!\w)(?:{any_of_them})(?!\w)", "[prompt]", text, flags=re.IGNORECASE)
    text = _OURS.sub("…/", text)
    text = _PATH.sub("[path]", text)
    text = _FILE.sub("[file]", text)
    return _without_user(text)


def _forms(text: str) -> set[str]:
    """The ways in which a text may stand in a message: as it is, by lines, and as ASCII."""
    parts = {text, *text.splitlines()}
    return {form.strip() for part in parts for form in (part, ascii(part)[1:-1]) if len(form.strip()) >= _SHORTEST}


def _without_user(text: str) -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return text
    return re.sub(rf"\b{re.escape(name)}\b", "[user]", text) if len(name) >= _SHORTEST else text
