"""What a Core ML package may hold: those that an export writes pass, and nothing that reaches beyond them."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.mlpackage import DATA, MANIFEST, MODEL, WEIGHT_FILE, WEIGHTS
from pia_edge.bundle.mlpackage_check import check_mlpackage
from pia_edge.errors import BundleError
from pia_edge.modules import MODULES, Module

NAME = f"{Module.CONDITION}.mlpackage"


@pytest.fixture
def package(tiny_coreml: Bundle, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_coreml.path / NAME, tmp_path / NAME))


def edit(package: Path, change: Callable[[Any], object]) -> None:
    """Rewrite the program of ``package`` after ``change``."""
    from coremltools.proto import Model_pb2

    model = Model_pb2.Model()
    file = package / DATA / MODEL
    model.ParseFromString(file.read_bytes())
    change(model)
    file.write_bytes(model.SerializeToString(deterministic=True))


def block(model: Any) -> Any:
    (found,) = model.mlProgram.functions["main"].block_specializations.values()
    return found


def stored(model: Any) -> Any:
    """The first constant that lies in the weight file."""
    operations = [operation for operation in block(model).operations if operation.type == "const"]
    values = [operation.attributes["val"] for operation in operations]
    return next(value for value in values if value.WhichOneof("value") == "blobFileValue")


def refuses(package: Path, reason: str) -> None:
    with pytest.raises(BundleError, match=reason) as caught:
        check_mlpackage(package)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def test_what_an_export_writes_passes(tiny_coreml: Bundle) -> None:
    for module in MODULES:
        check_mlpackage(tiny_coreml.path / f"{module}.mlpackage")


PROGRAMS: dict[str, tuple[Callable[[Any], object], str]] = {
    "a custom model": (lambda model: model.customModel.SetInParent(), "expected a Core ML program"),
    "a linked model": (lambda model: model.linkedModel.SetInParent(), "field 556"),
    "a pipeline": (lambda model: model.pipeline.SetInParent(), "expected a Core ML program"),
    "a network of layers": (
        lambda model: setattr(model.neuralNetwork.layers.add().custom, "className", "Evil"),
        "expected a Core ML program",
    ),
    "a custom layer": (lambda model: setattr(block(model).operations[-1], "type", "custom_layer"), "'custom_layer'"),
    "an unknown operation": (lambda model: setattr(block(model).operations[-1], "type", "load_file"), "'load_file'"),
    "an operation without a name": (lambda model: setattr(block(model).operations[-1], "type", ""), "the operation ''"),
    "an operation with a body": (lambda model: block(model).operations[-1].blocks.add(), "field 4"),
    "an absolute path": (lambda model: named(model, "/etc/passwd"), "'/etc/passwd'"),
    "a path to the outside": (lambda model: named(model, "@model_path/weights/../../../x.bin"), "in the file"),
    "a path beside the weights": (lambda model: named(model, "@model_path/model.mlmodel"), "in the file"),
    "a weight file that is not there": (lambda model: named(model, "@model_path/weights/other.bin"), "other.bin"),
    "an offset beyond the end": (lambda model: setattr(stored(model).blobFileValue, "offset", 2**40), "a weight at"),
    "an offset into a weight": (lambda model: setattr(stored(model).blobFileValue, "offset", 72), "a weight at 72"),
    "another type": (lambda model: setattr(stored(model).type.tensorType, "dataType", 23), "of type 14"),
    "another length": (
        lambda model: setattr(stored(model).type.tensorType.dimensions[0].constant, "size", 99),
        "that is not",
    ),
    "a negative length": (
        lambda model: setattr(stored(model).type.tensorType.dimensions[0].constant, "size", 2**63),
        "that is not",
    ),
    "no program": (lambda model: model.ClearField("mlProgram"), "no ML program"),
}


def named(model: Any, name: str) -> None:
    stored(model).blobFileValue.fileName = name


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_are_refused(name: str, package: Path) -> None:
    change, reason = PROGRAMS[name]
    edit(package, change)
    refuses(package, reason)


def test_files_that_are_refused(package: Path, tmp_path: Path) -> None:
    check_mlpackage(package)
    for inside in ("evil.py", f"{DATA}/evil.dylib", f"{DATA}/{WEIGHTS}/evil.so", f"{DATA}/com.apple.CoreML/a.mlmodel"):
        (package / inside).write_bytes(b"x")
        refuses(package, "expected a program and its weights, found")
        (package / inside).unlink()
    (package / DATA / ".DS_Store").write_bytes(b"Finder was here")
    check_mlpackage(package)
    (package / DATA / "other.author").mkdir()
    refuses(package, "other.author")
    (package / DATA / "other.author").rmdir()
    weights = package / DATA / WEIGHTS / WEIGHT_FILE
    shutil.move(weights, tmp_path / "elsewhere.bin")
    weights.symlink_to(tmp_path / "elsewhere.bin")
    refuses(package, "weight.bin")
    weights.unlink()
    refuses(package, "in the file")
    (package / DATA / MODEL).unlink()
    refuses(package, "found nothing")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_package_that_is_a_link_or_a_file(package: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.mlpackage"
    link.symlink_to(package)
    refuses(link, "which is a folder")
    file = tmp_path / "file.mlpackage"
    file.write_bytes(b"")
    refuses(file, "which is a folder")
    refuses(tmp_path / "nothing.mlpackage", "expected a readable package")


def path_of(items: dict[str, Any], end: str, value: str) -> None:
    next(item for item in items.values() if item["path"].endswith(end))["path"] = value


MANIFESTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "the program elsewhere": lambda found: path_of(found["itemInfoEntries"], "model.mlmodel", "../../model.mlmodel"),
    "an absolute path": lambda found: path_of(found["itemInfoEntries"], "weights", "/etc"),
    "one more item": lambda found: found["itemInfoEntries"].update(
        x={"author": "a", "description": "", "name": "n", "path": "com.apple.CoreML/other.mlmodel"}
    ),
    "another root": lambda found: found.update(rootModelIdentifier="x"),
    "a field more": lambda found: found.update(script="x"),
    "no items": lambda found: found.update(itemInfoEntries={}),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifests_that_are_refused(name: str, package: Path) -> None:
    file = package / MANIFEST
    manifest = json.loads(file.read_bytes())
    MANIFESTS[name](manifest)
    file.write_text(json.dumps(manifest))
    refuses(package, "Manifest.json: expected")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100000, b" " * 70000, b'{"a": 1, "a": 2}'])
def test_damaged_manifests(content: bytes, package: Path) -> None:
    (package / MANIFEST).write_bytes(content)
    refuses(package, "Manifest.json: expected")


def test_every_cut_of_a_program_is_refused_or_read(package: Path) -> None:
    """A program that ends early never gives another error, whatever its last byte belongs to."""
    file = package / DATA / MODEL
    content = file.read_bytes()
    for length in range(0, len(content), max(1, len(content) // 200)):
        file.write_bytes(content[:length])
        refuses(package, "Core ML program")


def test_opening_a_bundle_checks_its_packages(tiny_coreml: Bundle, tmp_path: Path) -> None:
    from pia_edge.bundle import write_manifest

    folder = Path(shutil.copytree(tiny_coreml.path, tmp_path / "bundle"))
    edit(folder / NAME, lambda model: setattr(block(model).operations[-1], "type", "load_file"))
    (folder / "manifest.json").unlink()
    write_manifest(folder, tiny_coreml.manifest)
    with pytest.raises(BundleError, match="'load_file'"):
        Bundle.open(folder)
