"""Nothing opens a socket, asks for a name, or writes outside the output, as the system calls show."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle
from tests.evaluation.examples import save, sliding, write_tiny_clip

STRACE = shutil.which("strace")
COMMAND = [sys.executable, "-c", "import sys; from pia_edge.cli import main; sys.exit(main())"]
NETWORK = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg|bind)\(.*?(AF_INET6?|sa_family)|socket\(AF_INET6?")
# urllib3, which transformers imports, finds out whether there is IPv6: it binds a socket to this machine and closes it.
ASKS_FOR_IPV6 = re.compile(r'socket\(AF_INET6, SOCK_STREAM\|SOCK_CLOEXEC|bind\(\d+, .*htons\(0\).*"::1"')
CREATED = re.compile(r'\b(?:open|openat|creat|mkdir|mkdirat|rename|renameat2?|symlinkat?|linkat?)\(.*"([^"]+)"')
WRITES = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|\b(mkdir|mkdirat|rename|renameat2?|creat|symlinkat?|linkat?)\(")

CACHE = ".cache/pia-edge/compiled"

Traced = Callable[..., list[str]]


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    """Run a command with an empty, writable HOME and outside of what looks like CI; return its system calls."""
    if STRACE is None:
        pytest.skip("strace is not installed; run: apt-get install strace")
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    log = tmp_path / "calls.txt"
    for folder in (home, temporary, tmp_path / "work"):
        folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "OMP_NUM_THREADS")}
    environment = kept | {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*command: str) -> list[str]:
        filters = "trace=%network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,symlinkat,linkat"
        ended = subprocess.run(
            [str(STRACE), "-f", "-qq", "-s", "256", "-e", filters, "-o", str(log), *command],
            cwd=tmp_path / "work",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if "ptrace" in ended.stderr and "not permitted" in ended.stderr:
            pytest.skip("strace may not trace here: the container forbids ptrace")
        assert ended.returncode == 0, ended.stderr
        files = [path for path in home.rglob("*") if path.is_file()]
        assert all(path.is_relative_to(home / CACHE) for path in files), files
        return log.read_text(errors="replace").splitlines()

    return run


def talks(calls: list[str]) -> list[str]:
    return [call for call in calls if NETWORK.search(call) and "AF_UNIX" not in call and "AF_NETLINK" not in call]


def written(calls: list[str]) -> set[str]:
    """Every path that was created, opened for writing or renamed to, successfully, outside of /dev and /proc."""
    paths = set()
    for call in calls:
        if " = -1 " in call or not WRITES.search(call):
            continue
        found = CREATED.search(call)
        if found and not found[1].startswith(("/dev/", "/proc/", "/sys/")):
            paths.add(found[1])
    return paths


def allowed(paths: set[str], work: Path) -> bool:
    """Whether only the clip was written in ``work``, and compiled modules in the folder for caches of the home."""
    cache = work.parent / "home" / CACHE

    def fine(path: str) -> bool:
        absolute = (work / path).resolve()
        if absolute.is_relative_to(cache) or cache.is_relative_to(absolute):
            return True
        return absolute.parent == work and (absolute.name == "clip.gif" or absolute.name.startswith(".pia-edge-"))

    return all(fine(path) for path in paths)


@pytest.mark.parametrize("backend", ["cpu", "intel"])
def test_animating(backend: str, traced: Traced, tiny_onnx: Bundle, picture_file: Path, tmp_path: Path) -> None:
    options = ["--frames", "2", "--steps", "1", "--backend", backend, "--bundle", str(tiny_onnx.path)]
    calls = traced(*COMMAND, "animate", str(picture_file), "--prompt", "a cat", "-o", "clip.gif", *options)
    assert talks(calls) == []
    paths = written(calls)
    assert "clip.gif" in {Path(path).name for path in paths}, "the trace shows what is written"
    assert allowed(paths, tmp_path / "work"), paths
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["clip.gif"]
    assert list((tmp_path / "temporary").iterdir()) == []
    calls = traced(*COMMAND, "info", "clip.gif")
    assert talks(calls) == []
    assert written(calls) == set()


def test_evaluating(traced: Traced, tmp_path: Path) -> None:
    """With a CLIP, since transformers would ask its hub for whatever is missing."""
    clip = write_tiny_clip(tmp_path / "tiny-clip")
    (tmp_path / "set").mkdir()
    save(sliding(3, 1.0, 0.0, height=48, width=64), tmp_path / "set" / "clip.gif")
    arguments = ["--set", str(tmp_path / "set"), "--clip", str(clip), "-o", "figures"]
    calls = traced(*COMMAND, "evaluate", *arguments)
    assert [call for call in talks(calls) if not ASKS_FOR_IPV6.search(call)] == []
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    paths = {(work / path).resolve() for path in written(calls)}
    assert any(path.name == "evaluation.json" for path in paths), "the trace shows what is written"
    assert {path for path in paths if not path.is_relative_to(work) and not path.is_relative_to(temporary)} == set()
    assert [path.name for path in work.iterdir()] == ["figures"]
    # PyTorch makes an empty folder for temporary files when it is imported.
    assert [path for path in temporary.rglob("*") if not path.is_dir()] == []


def test_listing_devices(traced: Traced, tiny_onnx: Bundle) -> None:
    calls = traced(*COMMAND, "devices", "--bundle", str(tiny_onnx.path))
    assert talks(calls) == []
    assert written(calls) == set()


def test_the_trace_would_show_a_connection_and_a_file(traced: Traced, tmp_path: Path) -> None:
    """A datagram socket connected to this very machine sends nothing."""
    code = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
    probe.connect(("127.0.0.1", 9))
open("elsewhere.txt", "w").close()
"""
    calls = traced(sys.executable, "-c", code)
    assert len(talks(calls)) >= 2
    assert written(calls) == {"elsewhere.txt"}
    assert not allowed(written(calls), tmp_path / "work")
