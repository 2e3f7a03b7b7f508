"""``pia-edge devices``; help and wrong usage of every command."""

import json
from pathlib import Path

import pytest

from pia_edge import __version__
from pia_edge.bundle import Bundle
from pia_edge.cli import main
from pia_edge.cli.main import pia_edge as commands
from pia_edge.runtimes import cuda

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("command", [[], *([name] for name in commands.commands)])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(command: list[str], option: str, capsys: Capture) -> None:
    assert main([*command, option]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"Usage: pia-edge {' '.join(command)}".strip())
    assert captured.err == ""
    assert max(map(len, captured.out.splitlines())) <= 140


def test_every_command_says_what_it_does() -> None:
    shown = {name for name, command in commands.commands.items() if not command.hidden}
    assert shown == {
        *("animate", "info", "replay", "import", "recipe", "export", "parity", "bundles", "pack", "unpack", "devices"),
        *("doctor", "bench", "evaluate", "gui"),
    }
    for command in commands.commands.values():
        assert command.help


def test_the_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pia-edge, version {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["dance"], ["info"], ["bundles"], ["bundles", "show", "a", "b"], ["replay", "--json", "x"]]
)
def test_wrong_usage(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Usage" in captured.err or json.loads(captured.err)["name"] == "UsageError"


def test_no_bundle(tmp_path: Path, capsys: Capture) -> None:
    assert main(["devices", "--bundle", str(tmp_path / "none"), "--json"]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err)["name"] == "BundleError"


@pytest.fixture(autouse=True)
def no_device_of_nvidia(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "find_driver", lambda: None)


def test_devices(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["devices", "--bundle", str(tiny_onnx.path)]) == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["apple", "cuda", "intel", "cpu", "reference"]
    assert lines[0][2] == "runs coreml bundles, not onnx"
    assert [line[2] for line in lines[2:]] == ["taken by --backend auto", "ready", "runs torch bundles, not onnx"]
    assert main(["devices", "--bundle", str(tiny_onnx.path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["backend"] for row in rows] == ["apple", "cuda", "intel", "cpu", "reference"]
    assert rows[3] == {"backend": "cpu", "devices": ["CPU"], "refused": None}


def test_without_a_bundle_the_sample_is_meant(sample_bundle: Bundle, capsys: Capture) -> None:
    assert sample_bundle.manifest.format == "onnx"
    assert main(["devices", "--json"]) == 0
    taken = [row["backend"] for row in json.loads(capsys.readouterr().out) if row["refused"] is None]
    assert taken == ["intel", "cpu"]
