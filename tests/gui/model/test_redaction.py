"""Reports hold nothing of the user's, and still say where a defect is."""

import getpass

import pytest

from pia_edge.gui.model.redaction import redacted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/anna/holiday.png: not a picture", "[path]: not a picture"),
        (
            "Could not write /home/Anna Meier/My clips/a boat.gif: No space left.",
            "Could not write [path] [file]: No sp",
        ),
        ("expected C:\\Users\\Anna Meier\\x.png, found none", "expected [path], found none"),
        ("'C:\\\\Users\\\\anna\\\\x' is no folder", "'[path]' is no folder"),
        ("a share \\\\server\\anna\\clips is away", "a share [path] is away"),
        ("~/clips/boat.webp", "[path]"),
        ("(/tmp/x/y)", "([path])"),
        ("holiday.JPG was rotated", "[file] was rotated"),
        (
            'File "/opt/env/lib/python3.11/site-packages/pia_edge/job.py", line 3, in run',
            'File "…/pia_edge/job.py", line 3, in run',
        ),
        ('File "/opt/my own/python/lib/threading.py", line 3', 'File "[path]", line 3'),
    ],
)
def test_paths(text: str, expected: str) -> None:
    assert redacted(text, ()).startswith(expected)


@pytest.mark.parametrize(
    "text",
    ["16/25 frames", "n/a and/or 1 / 2", "unet (int8, onnx): 31.2 dB, 35 dB required", "openvino on GPU.0: 3.5 s"],
)
def test_what_is_no_path_stays(text: str) -> None:
    assert redacted(text, ()) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("found 'a boat'", "found '[prompt]'"),
        ("found 'a boat on the sea, night falls' here", "found '[prompt]' here"),
        ("A Boat", "[prompt]"),
        ("a boathouse", "a boathouse"),
        ("prompt " + ascii("für Anna…"), "prompt '[prompt]'"),
        ("second line", "[prompt]"),
        ("it is", "it is"),
    ],
)
def test_prompts(text: str, expected: str) -> None:
    prompts = ("a boat", "a boat on the sea, night falls", "für Anna…", "first line\nsecond line", "is", "")
    assert redacted(text, prompts) == expected


def test_the_users_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "annameier")
    assert redacted("owned by annameier, not annameiers", ()) == "owned by [user], not annameiers"


def test_an_account_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr(getpass, "getuser", refuse)
    assert redacted("owned by nobody", ()) == "owned by nobody"
