"""Bundles: whatever is not byte for byte what the manifest says, or is no plain data, is refused with a reason."""

import errno
import hashlib
import json
import os
import random
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pia_edge.bundle import MANIFEST, Bundle, read_manifest, write_manifest
from pia_edge.bundle import opening as bundle_module
from pia_edge.bundle.manifest import Artifact, Format, Manifest
from pia_edge.errors import BundleError
from pia_edge.modules import Module

HEADER = b'{"weight":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'
FILES = {
    "vocab.json": b'{"a": 0, "b": 1}',
    "merges.txt": b"#version: 0.2\na b\n",
    "spatial.safetensors": len(HEADER).to_bytes(8, "little") + HEADER + bytes(range(16)),
    "card/preview.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "extra.onnx_data": bytes(range(64)),
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights or do not exist on Windows")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A valid bundle of every kind of file but a graph."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    modules = {Module.UNET: Artifact(weights=("spatial.safetensors",))}
    write_manifest(folder, Manifest(name="test", format=Format.TORCH, norm_mode="pia", modules=modules, files={}))
    return folder


def edit(folder: Path, change: Callable[[Any], None]) -> None:
    file = folder / MANIFEST
    manifest = json.loads(file.read_bytes())
    change(manifest)
    file.write_text(json.dumps(manifest))


def describe(content: bytes) -> dict[str, Any]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def list_file(folder: Path, name: str, content: bytes = b"{}") -> None:
    def change(manifest: Any) -> None:
        manifest["files"][name] = describe(content)

    edit(folder, change)


def test_opens(folder: Path) -> None:
    opened = Bundle.open(folder)
    assert opened.manifest.files.keys() == FILES.keys()
    assert opened.sha256 == hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    assert opened.artifact(Module.UNET).weights == ("spatial.safetensors",)


def test_opens_by_relative_path_and_stays_open(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    opened = Bundle.open("bundle")
    monkeypatch.chdir("/")
    assert (opened.path / MANIFEST).is_file()


def test_module_that_is_not_there(folder: Path) -> None:
    with pytest.raises(BundleError, match="expected the module vae_decoder, found unet"):
        Bundle.open(folder).artifact(Module.VAE_DECODER)
    with pytest.raises(BundleError, match="expected a graph for unet"):
        Bundle.open(folder).graph(Module.UNET)


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_refused(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    position = random.Random(name).randrange(len(content))
    content[position] ^= 1 << position % 8
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError, match="its content has changed"):
        Bundle.open(folder)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("change", [-1, 1], ids=["truncated", "grown"])
def test_other_size_is_refused(folder: Path, name: str, change: int) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1] if change < 0 else content + b"\0")
    with pytest.raises(BundleError, match=f"expected {len(content)} bytes, found {len(content) + change}"):
        Bundle.open(folder)


def test_any_flipped_bit_of_the_manifest_is_refused_or_another_identity(folder: Path) -> None:
    known = Bundle.open(folder).sha256
    content = (folder / MANIFEST).read_bytes()
    source = random.Random(11)
    for _ in range(200):
        flipped = bytearray(content)
        flipped[source.randrange(len(content))] ^= 1 << source.randrange(8)
        (folder / MANIFEST).write_bytes(flipped)
        try:
            assert Bundle.open(folder).sha256 != known
        except BundleError:
            continue


def test_missing_file(folder: Path) -> None:
    (folder / "vocab.json").unlink()
    with pytest.raises(BundleError, match=r"vocab\.json: expected a file, found nothing"):
        Bundle.open(folder)


def test_missing_sub_folder(folder: Path) -> None:
    (folder / "card/preview.png").unlink()
    (folder / "card").rmdir()
    with pytest.raises(BundleError, match=r"preview\.png: expected a file, found nothing"):
        Bundle.open(folder)


def test_swapped_files(folder: Path) -> None:
    one, two = folder / "vocab.json", folder / "merges.txt"
    one_content, two_content = one.read_bytes(), two.read_bytes()
    one.write_bytes(two_content)
    two.write_bytes(one_content)
    with pytest.raises(BundleError, match="bytes, found"):
        Bundle.open(folder)


def test_renamed_file(folder: Path) -> None:
    (folder / "vocab.json").rename(folder / "vocabulary.json")
    with pytest.raises(BundleError, match=r"found 'vocabulary\.json'"):
        Bundle.open(folder)


@pytest.mark.parametrize("name", ["extra.json", "code.py", ".hidden", "card/extra.json", "Vocab.json.part"])
def test_extra_file(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(BundleError, match="expected only the files its manifest lists"):
        Bundle.open(folder)


def test_extra_folder(folder: Path) -> None:
    (folder / "plugins").mkdir()
    with pytest.raises(BundleError, match="found 'plugins'"):
        Bundle.open(folder)


def test_files_of_the_desktop_do_not_matter(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "card/Thumbs.db").write_bytes(b"\0")
    Bundle.open(folder)
    (folder / ".DS_Store").unlink()
    (folder / ".DS_Store").mkdir()
    with pytest.raises(BundleError, match="DS_Store"):
        Bundle.open(folder)


@posix
@pytest.mark.parametrize("name", ["vocab.json", "card/preview.png", MANIFEST, ".DS_Store", "card"])
def test_symbolic_link_inside_is_refused(folder: Path, name: str) -> None:
    elsewhere = folder.parent / "elsewhere"
    if (folder / name).exists():
        (folder / name).rename(elsewhere)
    (folder / name).symlink_to(elsewhere)
    with pytest.raises(BundleError, match="symbolic link"):
        Bundle.open(folder)


@posix
def test_link_to_the_whole_bundle_opens(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert Bundle.open(link).manifest.name == "test"


@posix
def test_hard_links_open(folder: Path) -> None:
    other = folder.parent / "other"
    (other / "card").mkdir(parents=True)
    for name in [*FILES, MANIFEST]:
        os.link(folder / name, other / name)
    assert Bundle.open(other).sha256 == Bundle.open(folder).sha256


@posix
@pytest.mark.parametrize("name", ["vocab.json", MANIFEST])
@pytest.mark.parametrize("kind", ["a pipe", "a socket", "a folder"])
def test_what_is_no_file_is_refused_and_never_read(folder: Path, name: str, kind: str, monkeypatch: Any) -> None:
    list_file(folder, "vocab.json", b"")
    monkeypatch.chdir(folder)
    Path(name).unlink()
    if kind == "a pipe":
        os.mkfifo(name)
    elif kind == "a folder":
        Path(name).mkdir()
    else:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(name)
    with pytest.raises(BundleError, match=f"found {kind}"):
        Bundle.open(folder)


NAMES = [
    "../outside.json",
    "card/../../outside.json",
    "card/../vocab2.json",
    "./vocab2.json",
    "/etc/passwd.json",
    "//server/share.json",
    "C:/vocab.json",
    "C:vocab.json",
    "card\\vocab.json",
    "vocab.json:stream.json",
    "vocab\0.json",
    "vocab.json\n.json",
    "a\n.json",
    "card//vocab.json",
    "card/",
    "",
    ".",
    "..",
    ".hidden.json",
    "-flag.json",
    "~/vocab.json",
    "trailing .json",
    "trailing./vocab.json",
    "$HOME.json",
    "vocab*.json",
    "con.json",
    "NUL.json",
    "com1.json",
    "lpt9.x.json",
    "card/Aux.json",
    "voc\u0430b.json",
    "ｖocab.json",
    "vocab\u2215x.json",
    "vocab\u202ejson.json",
    "v" * 121 + ".json",
    "/".join(["long"] * 40) + ".json",
    "v" * 100_000 + ".json",
    "manifest.json",
    "Manifest.json",
    "MANIFEST.JSON",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:30]))
def test_name_that_is_not_plain_is_refused(folder: Path, name: str) -> None:
    list_file(folder, name)
    with pytest.raises(BundleError, match="expected plain file names") as caught:
        Bundle.open(folder)
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


FOREIGN = [".pkl", ".pt", ".pth", ".bin.pkl", ".py", ".so", ".dll", ".dylib", ".exe", ".lnk", ".sh", ".onnx.py", ""]


@pytest.mark.parametrize("suffix", [*FOREIGN, ".JSON", ".safetensors.ckpt", ".zip", ".html", ".svg", ".ort"])
def test_foreign_file_is_refused_though_listed(folder: Path, suffix: str) -> None:
    (folder / f"file{suffix}").write_bytes(b"{}")
    list_file(folder, f"file{suffix}")
    with pytest.raises(BundleError, match=r"expected only \.bin, \.json"):
        Bundle.open(folder)


@pytest.mark.parametrize("name", ["VOCAB.json", "Card/other.json", "card/Preview.png", "vocab.json/x.json", "CARD"])
def test_names_that_collide_are_refused(folder: Path, name: str) -> None:
    list_file(folder, name if "." in name else f"{name}/x.json")
    with pytest.raises(BundleError, match="some disks cannot hold"):
        Bundle.open(folder)


@pytest.mark.parametrize("graph", ["unet.txt", "unet.xml", "unet.bin", "unet.onnx_data", "unet.mlmodel"])
def test_graph_of_another_format_is_refused(folder: Path, graph: str) -> None:
    def change(manifest: Any) -> None:
        manifest["format"] = "onnx"
        manifest["modules"]["unet"]["graph"] = graph

    edit(folder, change)
    with pytest.raises(BundleError, match=r"expected \.onnx for unet"):
        Bundle.open(folder)


def test_graph_in_a_reference_bundle_is_refused(folder: Path) -> None:
    edit(folder, lambda manifest: manifest["modules"]["unet"].update(graph="unet.onnx"))
    with pytest.raises(BundleError, match="expected no graph"):
        Bundle.open(folder)


@pytest.mark.parametrize("key", ["weights", "tokenizer"])
def test_file_that_is_used_but_not_listed_is_refused(folder: Path, key: str) -> None:
    def change(manifest: Any) -> None:
        if key == "tokenizer":
            manifest["tokenizer"] = ["../../vocab.json", "merges.txt"]
        else:
            manifest["modules"]["unet"]["weights"] = ["/etc/passwd"]

    edit(folder, change)
    with pytest.raises(BundleError, match="does not list it"):
        Bundle.open(folder)


def test_damaged_safetensors_is_refused_though_its_hash_fits(folder: Path) -> None:
    damaged = FILES["spatial.safetensors"].replace(b"[0,16]", b"[0,15]")
    (folder / "spatial.safetensors").write_bytes(damaged)
    list_file(folder, "spatial.safetensors", damaged)
    with pytest.raises(BundleError, match="expected safetensors"):
        Bundle.open(folder)


@pytest.mark.parametrize("path", ["", "nothing", "bundle/vocab.json", "bundle/card", "n" * 300, "nul\0", "\ud800"])
def test_what_is_no_bundle_is_refused(folder: Path, path: str) -> None:
    with pytest.raises(BundleError):
        Bundle.open(folder.parent / path)


def test_reasons_for_what_is_no_bundle(folder: Path) -> None:
    with pytest.raises(BundleError, match="found nothing"):
        Bundle.open(folder / "none")
    with pytest.raises(BundleError, match="found a file"):
        Bundle.open(folder / "vocab.json")
    with pytest.raises(BundleError, match="found nothing of that name"):
        Bundle.open(folder / "card")


@posix
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(BundleError, match="expected readable files"):
        Bundle.open(tmp_path / "circle")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.EMFILE])
def test_file_that_cannot_be_read_is_an_intended_error(
    folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number), "spatial.safetensors")

    monkeypatch.setattr(bundle_module, "read_safetensors_header", refuse)
    with pytest.raises(BundleError, match=rf"{os.strerror(number)} \(spatial\.safetensors\)"):
        Bundle.open(folder)
    monkeypatch.setattr(hashlib, "file_digest", refuse)
    with pytest.raises(BundleError, match=os.strerror(number)):
        Bundle.open(folder)


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["vocab.json", "card", MANIFEST])
def test_file_without_permission_is_an_intended_error(folder: Path, name: str) -> None:
    (folder / name).chmod(0)
    try:
        with pytest.raises(BundleError, match="Permission denied"):
            Bundle.open(folder)
    finally:
        (folder / name).chmod(0o700)


def onnx_bundle(folder: Path, location: str, graph: str = "unet.onnx", weights: str = "unet.onnx_data") -> None:
    """Write a bundle whose graph reads one tensor of 16 bytes from ``location``."""
    onnx = pytest.importorskip("onnx")
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[4], data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=location)
    model = onnx.helper.make_model(onnx.helper.make_graph([], "graph", [], [], [tensor]))
    for name, content in {graph: model.SerializeToString(), weights: bytes(16), **FILES}.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content)
    modules = {Module.UNET: Artifact(graph=graph, weights=(weights,))}
    write_manifest(folder, Manifest(name="graph", format=Format.ONNX, norm_mode="pia", modules=modules, files={}))


def test_graph_opens(tmp_path: Path) -> None:
    onnx_bundle(tmp_path, "unet.onnx_data")
    assert Bundle.open(tmp_path).graph(Module.UNET) == tmp_path / "unet.onnx"


def test_graph_in_a_folder_reads_weights_beside_it(tmp_path: Path) -> None:
    onnx_bundle(tmp_path, "unet.onnx_data", "unet/unet.onnx", "unet/unet.onnx_data")
    assert Bundle.open(tmp_path).graph(Module.UNET) == tmp_path / "unet/unet.onnx"


@pytest.mark.parametrize("location", ["extra.onnx_data", "vocab.json", "/etc/passwd", "../unet.onnx_data", "unet.onnx"])
def test_graph_that_reads_other_files_is_refused(tmp_path: Path, location: str) -> None:
    onnx_bundle(tmp_path, location)
    with pytest.raises(BundleError, match="not a weight file of this module"):
        Bundle.open(tmp_path)


def test_graph_that_reads_weights_of_another_folder_is_refused(tmp_path: Path) -> None:
    onnx_bundle(tmp_path, "unet.onnx_data", "unet/unet.onnx", "unet.onnx_data")
    with pytest.raises(BundleError, match="not a weight file of this module"):
        Bundle.open(tmp_path)


def test_writing_refuses_what_does_not_belong(folder: Path) -> None:
    manifest, _ = read_manifest(folder)
    (folder / "model.pkl").write_bytes(b"")
    with pytest.raises(BundleError, match="expected only"):
        write_manifest(folder, manifest)
