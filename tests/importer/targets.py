"""The two places that an import writes to, and a small import."""

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from pia_edge.importer import ImportRequest
from tests.bundle.small import contents

TARGETS = ["folder", "store"]


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` says, as far as it is asked."""

    free: int


def request(models: Path) -> ImportRequest:
    return ImportRequest(base=models / "sd15", pia=models / "pia.safetensors", name="made")


def into(target: str, folder: Path) -> Path | None:
    """Where to write below ``folder``, which holds the store's home too."""
    os.environ["PIA_EDGE_HOME"] = str(folder / "home")
    (folder / "bundles").mkdir(exist_ok=True, parents=True)
    return folder / "bundles" / "made" if target == "folder" else None


def written(target: str, folder: Path) -> dict[str, bytes]:
    """Every file beside and in the bundle."""
    return contents(folder / "bundles" if target == "folder" else folder / "home" / "bundles")


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def no_work(_: object) -> None:
    """Take the place of what must not be called."""
    raise AssertionError("the work began")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of each test's own, whatever the test sets."""
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
