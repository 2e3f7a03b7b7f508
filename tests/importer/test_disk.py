"""What the disk refuses to an import, and what an import writes: equal bytes for equal models, and no place's name."""

import errno
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pia_edge.bundle.store import Store
from pia_edge.errors import OutputError
from pia_edge.importer import ImportRequest, import_bundle, importing
from tests.bundle.small import contents, refusing
from tests.importer.targets import TARGETS, Usage, files_below, home, into, no_work, request

ROOT = Path(__file__).parent.parent.parent
__all__ = ["home"]

LIMITED = """
import resource, sys
from pathlib import Path
from pia_edge.errors import OutputError
from pia_edge.importer import import_bundle
from tests.importer.targets import TARGETS, into, request
resource.setrlimit(resource.RLIMIT_FSIZE, (1000000, 1000000))
for target in TARGETS:
    try:
        import_bundle(request(Path(sys.argv[1])), into(target, Path(sys.argv[2])))
    except OutputError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_really_takes_no_more(models: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", LIMITED, str(models), str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert ended.stdout.count("File too large") == 2
    assert files_below(tmp_path) == []


PLACES = {
    "weights": (importing, "write_pieces"),
    "vocabulary": (shutil, "copyfile"),
    "manifest": (importing, "write_manifest"),
    "fsync": (os, "fsync"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("target", TARGETS)
def test_a_full_disk_leaves_nothing(
    place: str, target: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(*PLACES[place], refusing(errno.ENOSPC))
        with pytest.raises(OutputError, match="The disk is full"):
            import_bundle(request(models), into(target, tmp_path))
    assert files_below(tmp_path) == []


@pytest.mark.parametrize("target", TARGETS)
def test_too_little_space_is_found_before_anything_is_written(
    target: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def usage(path: Path) -> Usage:
        asked.append(path)
        return Usage(20_000_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    path = into(target, tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=r"of free space for the bundle, found 0.0 GB. Free some space or choose"):
        import_bundle(request(models), path, on_step=no_work)
    assert sorted(tmp_path.rglob("*")) == before
    assert [place.is_dir() for place in asked] == [True]


def bundle_in_the_way(target: Path) -> Path:
    target.mkdir()
    (target / "manifest.json").write_text("mine")
    return target


def thesis_in_the_way(target: Path) -> Path:
    target.mkdir()
    (target / "thesis.txt.doc").write_text("mine")
    return target


def file_in_the_way(target: Path) -> Path:
    target.write_text("mine")
    return target


REFUSED: dict[str, Callable[[Path], Path]] = {
    "is not empty. Choose another folder, or allow overwriting": bundle_in_the_way,
    "holds other files": thesis_in_the_way,
    "Expected a folder, but .*made is a file": file_in_the_way,
    "There is no such folder. Create it first": lambda target: target / "deeper" / "yet",
    "is a file. Choose another name": lambda target: file_in_the_way(target) / "deeper",
}


@pytest.mark.parametrize("said", REFUSED)
def test_a_target_that_cannot_be_written_is_refused_before_any_model_is_opened(
    said: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = REFUSED[said](tmp_path / "made")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(importing, "make_plan", no_work)
    with pytest.raises(OutputError, match=said):
        import_bundle(request(models), target)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_name_that_is_taken_is_refused_before_the_sources_are_read(models: Path, tmp_path: Path) -> None:
    made = import_bundle(request(models), None)
    before = contents(tmp_path)
    with pytest.raises(OutputError, match=r"has a bundle 'made' already. Choose another name, or allow overwriting"):
        import_bundle(request(models), None, on_step=no_work)
    assert contents(tmp_path) == before
    assert import_bundle(request(models), None, overwrite=True).sha256 == made.sha256
    assert Store.open().names() == ["made"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounting = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("cannot mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_really_full_disk(small_disk: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIA_EDGE_HOME", str(small_disk / "home"))
    for path in (small_disk / "made", None):
        with monkeypatch.context() as patch:
            with pytest.raises(OutputError, match="of free space"):
                import_bundle(request(models), path)
            # Others may fill the disk once it was asked.
            patch.setattr(shutil, "disk_usage", lambda _: Usage(10**12))
            with pytest.raises(OutputError, match="The disk is full"):
                import_bundle(request(models), path)
        assert files_below(small_disk) == []


def test_a_read_only_disk(small_disk: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12))
    monkeypatch.setenv("PIA_EDGE_HOME", str(small_disk / "home"))
    for path in (small_disk / "made", None):
        with pytest.raises(OutputError, match=r"disk is read-only|may not write"):
            import_bundle(request(models), path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows may write everywhere")
def test_a_folder_without_permission(models: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="may not write"):
        import_bundle(request(models), tmp_path / "closed" / "made")


def test_equal_models_give_equal_bytes_and_no_place_is_told(models: Path, tmp_path: Path) -> None:
    first = contents(import_bundle(request(models), tmp_path / "first").path)
    copy = shutil.copytree(models, tmp_path / "elsewhere" / "a copy")
    for target, source in itertools.product(TARGETS, (models, copy)):
        made = import_bundle(request(source), into(target, tmp_path), overwrite=True)
        assert contents(made.path) == first
    text = first["manifest.json"].decode()
    assert str(tmp_path.parent) not in text
    assert str(models.parent) not in text
    assert '"origin": "sd15/unet/diffusion_pytorch_model.safetensors"' in text


def test_names_that_are_no_unicode(models: Path, tmp_path: Path) -> None:
    """Linux takes any bytes for a name; the manifest is JSON."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        shutil.copytree(models / "sd15", folder)
    except OSError:
        pytest.skip("this disk takes Unicode names only")
    asked = ImportRequest(base=folder, pia=models / "pia.safetensors")
    manifest = import_bundle(asked, tmp_path / "made").manifest
    assert manifest.description == r"PIA over caf\udce9"
    assert manifest.sources[0].origin == r"caf\udce9/unet/diffusion_pytorch_model.safetensors"
