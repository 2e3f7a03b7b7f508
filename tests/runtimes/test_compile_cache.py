"""What is compiled is kept: whole or made again, within a quota, by several processes."""

import multiprocessing
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pia_edge.errors import BackendError, OutputError
from pia_edge.runtimes.compile_cache import CompileCache


def key(name: str) -> dict[str, str]:
    return {"bundle": "b" * 64, "module": name}


def writes(content: bytes, made: list[str] | None = None) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "inner" / "blob").write_bytes(content)
        if made is not None:
            made.append("made")

    return make


def test_it_is_made_once(tmp_path: Path) -> None:
    made: list[str] = []
    cache = CompileCache(tmp_path / "compiled")
    first = cache.get(key("unet"), writes(b"blob", made))
    assert (first / "inner" / "blob").read_bytes() == b"blob"
    assert CompileCache(tmp_path / "compiled").get(key("unet"), writes(b"other", made)) == first
    assert cache.get(key("vae"), writes(b"other", made)) != first
    assert len(made) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "inner" / "blob").write_bytes(b"bl0b"),
        lambda folder: (folder / "inner" / "blob").write_bytes(b"blo"),
        lambda folder: (folder / "inner" / "blob").unlink(),
        lambda folder: (folder / "entry.json").write_text("{"),
        lambda folder: (folder / "entry.json").unlink(),
    ],
)
def test_what_is_damaged_is_made_again(damage: Callable[[Path], object], tmp_path: Path) -> None:
    made: list[str] = []
    cache = CompileCache(tmp_path)
    damage(cache.get(key("unet"), writes(b"blob", made)))
    assert (cache.get(key("unet"), writes(b"blob", made)) / "inner" / "blob").read_bytes() == b"blob"
    assert len(made) == 2


def test_what_a_runtime_refuses_is_made_again(tmp_path: Path) -> None:
    made: list[str] = []
    cache = CompileCache(tmp_path)
    cache.get(key("unet"), writes(b"blob", made))
    cache.discard(key("unet"))
    cache.get(key("unet"), writes(b"blob", made))
    assert len(made) == 2


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = CompileCache(tmp_path, quota=250)
    folders = {name: cache.get(key(name), writes(b"x" * 100)) for name in ("a", "b")}
    for age, name in enumerate(("b", "a")):
        os.utime(folders[name] / "entry.json", (1000 + age, 1000 + age))
    cache.get(key("c"), writes(b"x" * 100))
    assert folders["a"].exists()
    assert not folders["b"].exists()
    assert cache.size() == 200


def test_what_is_larger_than_the_quota_stays_while_it_is_the_newest(tmp_path: Path) -> None:
    cache = CompileCache(tmp_path, quota=50)
    first = cache.get(key("a"), writes(b"x" * 100))
    assert first.exists()
    second = cache.get(key("b"), writes(b"x" * 100))
    assert (first.exists(), second.exists()) == (False, True)


def test_a_failed_compilation_leaves_nothing(tmp_path: Path) -> None:
    cache = CompileCache(tmp_path)

    def fail(folder: Path) -> None:
        (folder / "half").write_bytes(b"x")
        raise BackendError("no")

    with pytest.raises(BackendError, match=r"^no$"):
        cache.get(key("unet"), fail)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="Could not write"):
        CompileCache(tmp_path / "file").get(key("unet"), writes(b"x"))


def test_clearing(tmp_path: Path) -> None:
    cache = CompileCache(tmp_path)
    cache.get(key("a"), writes(b"x" * 100))
    (cache.growing(key("b")) / "engine").write_bytes(b"y" * 11)
    assert cache.clear() == 111
    assert cache.size() == 0


def test_processes_wait_for_each_other(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        folders = pool.map(partial(_get, tmp_path), range(8))
    assert len(set(folders)) == 1
    assert len(list((tmp_path / "made").iterdir())) == 1


def _get(root: Path, _number: int) -> str:
    def make(folder: Path) -> None:
        (root / "made").mkdir(exist_ok=True)
        (root / "made" / str(os.getpid())).touch()
        (folder / "blob").write_bytes(b"x" * 2**20)

    return str(CompileCache(root / "compiled").get(key("unet"), make))
