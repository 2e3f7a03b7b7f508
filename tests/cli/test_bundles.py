"""``pia-edge inspect``, ``verify`` and ``devices``; help for every command."""

import json
import shutil
from pathlib import Path

import pytest

from pia_edge import __version__
from pia_edge.bundle import MANIFEST, Bundle
from pia_edge.cli import main
from pia_edge.cli.main import pia_edge as commands

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
    assert set(commands.commands) == {"animate", "info", "replay", "inspect", "verify", "devices"}
    for command in commands.commands.values():
        assert command.help


def test_the_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pia-edge, version {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["info"], ["inspect", "a", "b"], ["replay", "--json", "x"]])
def test_wrong_usage(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Usage" in captured.err or json.loads(captured.err)["name"] == "UsageError"


def test_inspect(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["inspect", str(tiny_onnx.path)]) == 0
    out = capsys.readouterr().out
    for text in ("tiny", "norm_mode pia", "16 to 256 pixels, multiples of 8", "at most 32", "drawn from names"):
        assert text in out
    assert f"sha256:                 {tiny_onnx.sha256}" in out
    unet = next(line for line in out.splitlines() if line.strip().startswith("unet"))
    assert "dB against the reference (intel, cpu): unet.onnx, spatial.onnx_data, temporal.onnx_data" in unet


def test_inspect_as_json_is_the_manifest(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["inspect", str(tiny_onnx.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((tiny_onnx.path / MANIFEST).read_bytes())


def test_verify(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["verify", str(tiny_onnx.path)]) == 0
    assert f"{len(tiny_onnx.manifest.files)} files as the manifest says" in capsys.readouterr().out
    assert main(["verify", str(tiny_onnx.path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result == {
        "path": str(tiny_onnx.path),
        "sha256": tiny_onnx.sha256,
        "files": len(tiny_onnx.manifest.files),
        "ok": True,
    }


def test_verify_finds_one_changed_bit(tiny_onnx: Bundle, tmp_path: Path, capsys: Capture) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_onnx.path, copy)
    content = bytearray((copy / "spatial.onnx_data").read_bytes())
    content[1000] ^= 1
    (copy / "spatial.onnx_data").write_bytes(content)
    assert main(["inspect", str(copy)]) == 0, "inspect reads no weights"
    capsys.readouterr()
    assert main(["verify", str(copy)]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "spatial.onnx_data: its content has changed" in captured.err


@pytest.mark.parametrize("command", ["inspect", "verify", "devices --bundle"])
def test_no_bundle(command: str, tmp_path: Path, capsys: Capture) -> None:
    assert main([*command.split(), str(tmp_path / "none"), "--json"]) == 4
    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err)["name"] == "BundleError"


def test_devices(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert main(["devices", "--bundle", str(tiny_onnx.path)]) == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["intel", "cpu", "reference"]
    assert [line[2] for line in lines] == ["taken by --backend auto", "ready", "runs torch bundles, not onnx"]
    assert main(["devices", "--bundle", str(tiny_onnx.path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["backend"] for row in rows] == ["intel", "cpu", "reference"]
    assert rows[1] == {"backend": "cpu", "devices": ["CPU"], "refused": None}


@pytest.mark.parametrize("arguments", [["inspect"], ["verify"], ["devices"]])
def test_without_a_bundle_the_sample_is_meant(arguments: list[str], sample_bundle: Bundle, capsys: Capture) -> None:
    assert main([*arguments, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert isinstance(result, list) or result.get("name") == sample_bundle.manifest.name or result.get("ok")
