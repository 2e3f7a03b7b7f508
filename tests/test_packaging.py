"""The wheel: every package, the sample, and nothing else; the version and the changelog."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import pia_edge
from pia_edge import sample

ROOT = Path(__file__).parent.parent
BUILD = """
import sys
from setuptools import build_meta
print(build_meta.build_wheel(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def packages_in(folder: Path, name: str) -> dict[str, Path]:
    """Every package below ``folder`` by its import name; links are other folders' packages."""
    found = {name: folder} if (folder / "__init__.py").is_file() else {}
    for inside in sorted(folder.iterdir()):
        if inside.is_dir() and not inside.is_symlink():
            found |= packages_in(inside, f"{name}.{inside.name}")
    return found


def packages(project: dict[str, Any]) -> dict[str, Path]:
    found = packages_in(ROOT / "pia_edge", "pia_edge")
    for name, folder in project["tool"]["setuptools"]["package-dir"].items():
        found |= packages_in(ROOT / folder, name)
    return found


def test_every_package_is_listed(project: dict[str, Any]) -> None:
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(packages(project))


def test_every_room_beside_the_core_is_mapped_and_linked(project: dict[str, Any]) -> None:
    mapped = project["tool"]["setuptools"]["package-dir"]
    assert mapped == {f"pia_edge.{room}": room for room in ("export", "gui", "runtimes")}
    for room in mapped.values():
        assert (ROOT / "pia_edge" / room).resolve() == ROOT / room


def test_every_source_file_lies_in_a_package(project: dict[str, Any]) -> None:
    folders = set(packages(project).values())
    for top in (ROOT / "pia_edge", ROOT / "runtimes", ROOT / "export", ROOT / "gui"):
        for path in top.rglob("*.py"):
            assert path.parent in folders or path.parent.resolve() in folders, path


def test_the_version_is_written_once(project: dict[str, Any]) -> None:
    assert "version" not in project["project"]
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z0-9.]+)?", pia_edge.__version__)
    written = f'"{pia_edge.__version__}"'
    sources = [*ROOT.glob("*.toml"), *(ROOT / "pia_edge").rglob("*.py"), *(ROOT / "runtimes").glob("*.py")]
    assert [path.name for path in sources if written in path.read_text()] == ["_version.py"]


def test_the_changelog_names_this_version_or_what_is_to_come() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings
    assert headings[0] in ("Unreleased", pia_edge.__version__)


def test_the_licence_of_every_dependency_is_documented(project: dict[str, Any]) -> None:
    documented = (ROOT / "docs" / "dependencies.md").read_text().lower()
    extras = project["project"]["optional-dependencies"]
    listed = [*project["project"]["dependencies"], *(entry for name in extras for entry in extras[name])]
    names = {re.split(r"[\[<>=!; ]", entry)[0].lower() for entry in listed}
    assert sorted(name for name in names if name not in documented) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built offline from a copy of the sources."""
    pytest.importorskip("setuptools", reason="setuptools is needed to build the wheel")
    copy = tmp_path_factory.mktemp("sources")
    for name in ("pia_edge", "runtimes", "export", "gui"):
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    built = tmp_path_factory.mktemp("wheel")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        [sys.executable, "-c", BUILD, str(built)],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    (path,) = built.glob("*.whl")
    return path


def test_the_wheel_holds_every_source_file_and_the_sample(wheel: Path, project: dict[str, Any]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    expected = {"pia_edge/py.typed"}
    for name, folder in packages(project).items():
        expected |= {f"{name.replace('.', '/')}/{path.name}" for path in folder.glob("*.py")}
    expected |= {path.relative_to(ROOT).as_posix() for path in sample.path().rglob("*") if path.is_file()}
    expected |= {sample.picture().relative_to(ROOT).as_posix()}
    for pattern in ("icons/*.svg", "translations/*.qm"):
        expected |= {f"pia_edge/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "gui").glob(pattern)}
    assert sorted(expected - names) == []
    others = {name for name in names - expected if ".dist-info/" not in name and "/.pia-edge-" not in name}
    assert others == set()
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        information = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(information).decode()
        points = archive.read(information.replace("METADATA", "entry_points.txt")).decode()
    assert f"\nVersion: {pia_edge.__version__}\n" in metadata
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    required = re.findall(r"^Requires-Dist: ([A-Za-z0-9_-]+)(?!.*extra ==)", metadata, re.MULTILINE)
    assert {name.lower() for name in required}.isdisjoint({"torch", "pyside6-essentials", "av", "onnxruntime"})
    assert "pia-edge = pia_edge.cli:main" in points
    assert "pia-edge-gui = pia_edge.gui.app:main" in points
