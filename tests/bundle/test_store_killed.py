"""The store after its writer was killed: every bundle opens, and the next change removes what is left over."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.store import Store
from tests.bundle.small import small
from tests.killing import kill_everywhere

ROOT = Path(__file__).parent.parent.parent


def prepare(folder: Path) -> None:
    store = Store(folder / "store")
    store.add(small(folder / "first", spatial=b"1"), "first", overwrite=False)
    store.add(small(folder / "kept", spatial=b"2"), "kept", overwrite=False)
    small(folder / "other", spatial=b"3")


def add(folder: Path) -> None:
    Store(folder / "store").add(folder / "other", "second", overwrite=False)


def overwrite(folder: Path) -> None:
    Store(folder / "store").add(folder / "other", "first", overwrite=True)


def remove(folder: Path) -> None:
    Store(folder / "store").remove("first")


def check(folder: Path, allowed: dict[str, set[str | None]]) -> None:
    """Check that each bundle is one of those allowed under its name (None: it may be missing), now and later."""
    store = Store(folder / "store")
    for _ in ("after the kill", "after the next change"):
        found = {name: Bundle.open(store.path(name)).sha256 for name in store.names() if name != "last"}
        assert found.keys() <= allowed.keys()
        for name, identities in allowed.items():
            assert found.get(name) in identities, name
        store.add(folder / "other", "last", overwrite=True)
    visible = {"first", "kept", "second", "last"}
    assert {path.name for path in (store.root / "bundles").iterdir()} <= visible
    assert all(path.stat().st_nlink > 1 for path in (store.root / "blobs").glob("*/*"))
    for name in store.names():
        store.remove(name)
    assert list((store.root / "blobs").iterdir()) == []


def identity(folder: Path) -> str:
    return Bundle.open(folder).sha256


CASES: dict[str, tuple[Callable[[Path], None], Callable[[str, str, str], dict[str, set[str | None]]]]] = {
    "adding": (add, lambda first, kept, other: {"first": {first}, "kept": {kept}, "second": {other, None}}),
    "overwriting": (overwrite, lambda first, kept, other: {"first": {first, other}, "kept": {kept}}),
    "removing": (remove, lambda first, kept, _: {"first": {first, None}, "kept": {kept}}),
}


def run(case: str, root: Path) -> None:
    work, allowed = CASES[case]

    def check_case(folder: Path) -> None:
        check(folder, allowed(*(identity(folder / name) for name in ("first", "kept", "other"))))

    print(kill_everywhere(root, prepare, work, check_case))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")
@pytest.mark.parametrize("case", CASES)
def test_killed_at_every_step(case: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bundle.test_store_killed", case, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > (10 if case == "removing" else 40), "it was killed many times"


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]))
