"""Who imports whom: the rooms of the house, and what a first import costs."""

import ast
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import pia_edge
from pia_edge.bundle import Bundle

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "onnxruntime", "openvino", "PySide6", "diffusers", "transformers", "safetensors", "onnx", "av"}
TORCH_ROOMS = ("nn", "training", "importer")
ROOMS_INSIDE = (*TORCH_ROOMS, "evaluation")
"""Folders of ``pia_edge`` that are rooms of their own, not core."""
OTHER_ROOMS = ("runtimes", "export", "gui")


@dataclass(frozen=True)
class Import:
    """One import statement: where it stands, what it names, and whether it runs when the file is imported."""

    room: str
    file: str
    target: str
    lazy: bool

    @property
    def target_room(self) -> str | None:
        """The room of ours that is imported, or None for somebody else's library."""
        first, *others = self.target.split(".")
        if first != "pia_edge":
            return None
        return others[0] if others and others[0] in (*OTHER_ROOMS, *ROOMS_INSIDE) else "core"


def source_files() -> Iterator[tuple[str, Path]]:
    """Every source file with its room; links to the rooms beside ``pia_edge`` are not followed."""
    for path in sorted((ROOT / "pia_edge").rglob("*.py")):
        first = path.relative_to(ROOT / "pia_edge").parts[0]
        if first not in OTHER_ROOMS:
            yield (first if first in ROOMS_INSIDE else "core"), path
    for room in OTHER_ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield room, path


def imports() -> list[Import]:
    found = []
    for room, path in source_files():
        tree = ast.parse(path.read_bytes())
        lazy = {id(node) for block in ast.walk(tree) if is_lazy(block) for node in ast.walk(block)}
        for node in ast.walk(tree):
            for target in targets(node, package_of(path)):
                found.append(Import(room, path.relative_to(ROOT).as_posix(), target, id(node) in lazy))
    return found


def is_lazy(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        return node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def package_of(path: Path) -> list[str]:
    folders = list(path.relative_to(ROOT).parent.parts)
    return folders if folders[0] == "pia_edge" else ["pia_edge", *folders]


def targets(node: ast.AST, package: list[str]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = package[: len(package) - node.level + 1] if node.level else []
        return [".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names]
    return []


IMPORTS = imports()


def test_the_files_were_found() -> None:
    assert {entry.room for entry in IMPORTS} >= {"core", "runtimes", "export", *ROOMS_INSIDE}
    assert len(IMPORTS) > 200


def test_core_imports_no_heavy_library() -> None:
    core = [entry for entry in IMPORTS if entry.room == "core"]
    heavy = {(entry.file, entry.target) for entry in core if entry.target.split(".")[0] in HEAVY}
    allowed = {file for file, target in heavy if target.split(".")[0] == "av"}
    assert {entry for entry in heavy if entry[0] not in allowed} == set()
    assert all(entry.lazy for entry in core if entry.target.split(".")[0] == "av"), "PyAV is an optional extra"


def test_core_knows_no_other_room_but_lazily_the_runtimes() -> None:
    others = [entry for entry in IMPORTS if entry.room == "core" and entry.target_room not in (None, "core")]
    assert all(entry.lazy for entry in others)
    asking = {entry.file for entry in others if entry.target_room == "runtimes"}
    assert "pia_edge/pipeline.py" in asking
    # The command line shows every room, each only once its command runs; a worker answers for every room likewise.
    faces = ("pia_edge/cli/", "pia_edge/worker/answers/")
    assert {entry.file for entry in others if not entry.file.startswith(faces)} == {"pia_edge/pipeline.py"}


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("runtimes", {"core", "runtimes"}),
        ("export", {"core", "runtimes", "nn", "export"}),
        ("gui", {"core", "gui"}),
        ("nn", {"core", "nn"}),
        ("importer", {"core", "nn", "importer"}),
        ("evaluation", {"core", "evaluation"}),
    ],
)
def test_rooms_know_only_the_rooms_below_them(room: str, allowed: set[str]) -> None:
    known = {
        (entry.file, entry.target_room)
        for entry in IMPORTS
        if entry.room == room and entry.target_room and entry.target_room not in allowed
    }
    assert known <= {("runtimes/reference.py", "nn")}


def test_the_network_is_imported_where_pytorch_is_at_home() -> None:
    outside = {entry.file for entry in IMPORTS if entry.target_room == "nn" and entry.room not in TORCH_ROOMS}
    assert {file for file in outside if not file.startswith("export/")} == {"runtimes/reference.py"}
    reference = [entry for entry in IMPORTS if entry.file == "runtimes/reference.py" and entry.target_room == "nn"]
    assert all(entry.lazy for entry in reference)


@pytest.mark.parametrize("room", ["runtimes", "evaluation"])
def test_rooms_import_their_libraries_when_they_are_asked_to_run(room: str) -> None:
    early = [entry for entry in IMPORTS if entry.room == room and entry.target.split(".")[0] in HEAVY]
    assert early
    assert [entry.file for entry in early if not entry.lazy] == []


def modules_after(code: str, *arguments: str) -> tuple[set[str], float]:
    """Run ``code`` in a fresh interpreter; return the names of all imported modules and the seconds it took."""
    script = f"{code}\nimport json, sys\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    started = time.perf_counter()
    ended = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, check=True, timeout=120)
    seconds = time.perf_counter() - started
    return set(json.loads(ended.stdout.splitlines()[-1])), seconds


def test_importing_the_package_costs_nothing() -> None:
    found, seconds = modules_after("import pia_edge")
    loaded = {name.split(".")[0] for name in found}
    assert loaded & (HEAVY | {"numpy", "PIL", "msgspec", "click", "tokenizers"}) == set()
    assert seconds < 5


def test_help_costs_little() -> None:
    found, seconds = modules_after("from pia_edge.cli import main\nassert main(['animate', '--help']) == 0")
    loaded = {name.split(".")[0] for name in found}
    assert loaded & (HEAVY | {"numpy", "PIL", "tokenizers"}) == set()
    assert seconds < 5


def test_animating_needs_no_pytorch(tiny_onnx: Bundle, picture_file: Path) -> None:
    code = """
import sys
from pathlib import Path
from pia_edge import AnimationPipeline, AnimationRequest, read_picture
request = AnimationRequest(prompt="a", num_frames=2, num_inference_steps=1)
AnimationPipeline.open(sys.argv[1], "cpu").animate(read_picture(Path(sys.argv[2])), request)
"""
    found, _ = modules_after(code, str(tiny_onnx.path), str(picture_file))
    loaded = {name.split(".")[0] for name in found}
    assert "onnxruntime" in loaded
    assert loaded & {"torch", "diffusers", "transformers", "onnx", "openvino", "PySide6"} == set()


def test_the_window_decodes_and_computes_nothing() -> None:
    pytest.importorskip("PySide6")
    found, _ = modules_after("import pia_edge.gui.app")
    loaded = {name.split(".")[0] for name in found}
    assert "PySide6" in loaded
    assert loaded & (HEAVY - {"PySide6"} | {"PIL", "tokenizers", "coremltools"}) == set()


def test_models_know_no_widget() -> None:
    known = {(entry.file, entry.target) for entry in IMPORTS if entry.file.startswith("gui/model/")}
    assert {entry for entry in known if "QtWidgets" in entry[1] or "gui.widgets" in entry[1]} == set()


def test_public_names_are_all_there() -> None:
    for name in pia_edge.__all__:
        assert getattr(pia_edge, name) is not None
    assert set(dir(pia_edge)) == set(pia_edge.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Animator'"):
        _ = pia_edge.Animator


@pytest.mark.parametrize("package", ["pia_edge.image", "pia_edge.clip", "pia_edge.runtimes", "pia_edge.cli"])
def test_every_package_exports_what_it_says(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name) is not None
