"""The command line as a process of its own: signals, pipes, closed and strange streams."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these signals nor these devices")

COMMAND = [sys.executable, "-c", "import sys; from pia_edge.cli import main; sys.exit(main())"]


def start(*arguments: str | Path, folder: Path, **streams: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([*COMMAND, *map(str, arguments)], cwd=folder, **streams)  # type: ignore[call-overload,no-any-return]


def endless(tiny_onnx: Bundle, picture_file: Path) -> list[str]:
    """A clip that would take a quarter of an hour."""
    size = ["--frames", "32", "--size", "256x256", "--fit", "crop", "--steps", "1000"]
    options = ["--bundle", str(tiny_onnx.path), "--backend", "cpu", "-o", "clip.gif", *size]
    return ["animate", str(picture_file), "--prompt", "a cat", *options]


def wait_for_step(process: "subprocess.Popen[bytes]") -> None:
    """Return once the last module has been encoded; the first denoising step runs then."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(b"reading picture and prompt: 3 of 3"):
            return
    raise AssertionError("it ended by itself")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_within_a_step(
    number: signal.Signals, code: int, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path
) -> None:
    process = start(*endless(tiny_onnx, picture_file), folder=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for_step(process)
    time.sleep(0.3)
    sent = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert time.monotonic() - sent < 10
    assert out == b""
    assert err.splitlines()[-1] == b"pia-edge: Stopped as asked; nothing was written."
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


TELLING = """
import sys
from pia_edge import pipeline
from pia_edge.cli import main

denoise = pipeline.denoise

def telling(*arguments):
    print("working", flush=True)
    return denoise(*arguments)

pipeline.denoise = telling
sys.exit(main())
"""


def test_a_signal_is_reported_as_json_if_asked(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", TELLING, *endless(tiny_onnx, picture_file), "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"working\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert json.loads(err)["code"] == 130


WRITING = """
import signal, sys, time
from pathlib import Path
from pia_edge import files
# Whoever runs the tests in the background hands an ignored SIGINT down.
signal.signal(signal.SIGINT, signal.default_int_handler)
from pia_edge.cli import bundles, main

def slow(_bundle):
    def write(file):
        file.write(b"half")
        print("writing", flush=True)
        time.sleep(30)
    files.write_atomically(Path("clip.gif"), write, overwrite=False)

bundles.show.callback = lambda bundle, as_json: slow(bundle)
sys.exit(main(["bundles", "show"]))
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_a_file_is_written_leaves_nothing(number: signal.Signals, code: int, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITING], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        assert {path.suffix for path in tmp_path.iterdir()} == {".part", ".lock"}
        process.send_signal(number)
    assert process.returncode == code
    assert list(tmp_path.iterdir()) == []


def run(shell: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a line of shell in which ``$PIA`` is the command."""
    pia = " ".join(f"'{part}'" for part in COMMAND)
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; PIA() {{ {pia} "$@"; }}; {shell}'],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("option", ["", "--json"])
def test_a_reader_that_leaves_causes_no_trace(option: str, tiny_onnx: Bundle, tmp_path: Path) -> None:
    """One reader takes a line, the other has gone before anything is written."""
    for reader in ("head -1", "true"):
        ended = run(f"PIA bundles show '{tiny_onnx.path}' {option} | {reader}", tmp_path)
        assert ended.stderr == b""
        assert ended.returncode in (0, 1)


@pytest.mark.parametrize("option", ["", "--json"])
def test_a_full_disk_behind_stdout(option: str, tiny_onnx: Bundle, tmp_path: Path) -> None:
    ended = run(f"PIA bundles show '{tiny_onnx.path}' {option} >/dev/full", tmp_path)
    assert ended.returncode == 7
    assert b"No space left" in ended.stderr
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    quick = f"--frames 2 --steps 1 --backend cpu --bundle '{tiny_onnx.path}' -o clip.gif"
    ended = run(f"PIA animate '{picture_file}' -p 'a cat' {quick} {closed}", tmp_path)
    assert ended.returncode == 0
    assert (tmp_path / "clip.gif").is_file()


def test_terminals_of_few_letters(tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    quick = f"--frames 2 --steps 1 --backend cpu --bundle '{tiny_onnx.path}' -o clip.gif"
    ended = run(f"PIA animate '{picture_file}' -p 'кот 🐈' {quick}", tmp_path, PYTHONIOENCODING="cp1252")
    assert ended.returncode == 0, ended.stderr
    shown = run("PIA info clip.gif", tmp_path, PYTHONIOENCODING="cp1252")
    assert shown.returncode == 0
    assert b"\\u043a\\u043e\\u0442" in shown.stdout
    as_json = run("PIA info clip.gif --json", tmp_path, PYTHONIOENCODING="cp1252")
    assert json.loads(as_json.stdout.decode("utf-8"))["prompt"] == "кот 🐈"


def test_the_installed_command(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("pia-edge")
    if not script.exists():
        pytest.skip(f"the package is not installed beside {sys.executable}")
    ended = subprocess.run([script, "animate", "--help"], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert ended.returncode == 0
    assert ended.stderr == b""
    assert b"--prompt" in ended.stdout
