"""The manifest's decoder: what is not exactly a manifest of this version is refused with its reason."""

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pia_edge.bundle import MANIFEST, read_manifest, write_manifest
from pia_edge.bundle.manifest import (
    SCHEMA_VERSION,
    Artifact,
    Defaults,
    Format,
    Frames,
    Manifest,
    Parity,
    Sizes,
    Source,
    Vae,
)
from pia_edge.errors import BundleError
from pia_edge.modules import Module

SHA256 = "0123456789abcdef" * 4
MINIMAL: dict[str, Any] = {
    "schema_version": SCHEMA_VERSION,
    "name": "test",
    "format": "torch",
    "norm_mode": "pia",
    "modules": {"unet": {"weights": ["spatial.safetensors"]}},
    "files": {"spatial.safetensors": {"size": 1, "sha256": SHA256}},
}
CHANGES: dict[str, dict[str, Any]] = {
    "newer version": {"schema_version": SCHEMA_VERSION + 1},
    "older version": {"schema_version": SCHEMA_VERSION - 1},
    "negative version": {"schema_version": -1},
    "version as text": {"schema_version": "1"},
    "version as float": {"schema_version": 1.5},
    "version as truth": {"schema_version": True},
    "no version": {"schema_version": None},
    "huge version": {"schema_version": 10**400},
    "extra key": {"code": "import os"},
    "extra key of a file": {"files": {"a.json": {"size": 1, "sha256": SHA256, "url": "x"}}},
    "extra key of a module": {"modules": {"unet": {"custom_ops": "x.so"}}},
    "name a number": {"name": 3},
    "name none": {"name": None},
    "format unknown": {"format": "pickle"},
    "format in capitals": {"format": "ONNX"},
    "norm_mode unknown": {"norm_mode": "guess"},
    "modules a list": {"modules": ["unet"]},
    "module unknown": {"modules": {"safety_checker": {}}},
    "weights a text": {"modules": {"unet": {"weights": "spatial.safetensors"}}},
    "graph a list": {"modules": {"unet": {"graph": ["a.onnx"]}}},
    "tokenizer of one file": {"tokenizer": ["vocab.json"]},
    "tokenizer of three": {"tokenizer": ["a.json", "b.txt", "c.txt"]},
    "negative size": {"files": {"a.json": {"size": -1, "sha256": SHA256}}},
    "size as float": {"files": {"a.json": {"size": 1.5, "sha256": SHA256}}},
    "size as text": {"files": {"a.json": {"size": "1", "sha256": SHA256}}},
    "hash too short": {"files": {"a.json": {"size": 1, "sha256": SHA256[:-1]}}},
    "hash too long": {"files": {"a.json": {"size": 1, "sha256": SHA256 + "0"}}},
    "hash in capitals": {"files": {"a.json": {"size": 1, "sha256": SHA256.upper()}}},
    "hash missing": {"files": {"a.json": {"size": 1}}},
    "files a list": {"files": ["a.json"]},
    "zero frames": {"frames": {"trained": 0}},
    "frames too many": {"frames": {"maximum": 2**20 + 1}},
    "size multiple zero": {"sizes": {"multiple": 0}},
    "scheduler unknown": {"scheduler": {"name": "exec"}},
    "scheduler out of range": {"scheduler": {"beta_start": -1.0}},
    "statistics of three": {"affinity_statistics": [[0.1, 0.2, 0.3]]},
    "guidance a text": {"defaults": {"guidance_scale": "7.5"}},
    "parity of no module": {"parity": {"x": {"psnr_db": 1.0, "max_abs_error": 0.0, "runtime": "cpu"}}},
    "network incomplete": {"network": {"unet": {}}},
}
COMPLETE = json.dumps(MINIMAL).encode()
DAMAGED: dict[str, bytes] = {
    "empty": b"",
    "space": b"  \n",
    "null": b"null",
    "list": b"[]",
    "text": b'"manifest"',
    "truncated": COMPLETE[:-1],
    "two manifests": COMPLETE + COMPLETE,
    "trailing": COMPLETE + b"x",
    "comment": b"// manifest\n" + COMPLETE,
    "byte order mark": b"\xef\xbb\xbf" + COMPLETE,
    "UTF-16": json.dumps(MINIMAL).encode("utf-16"),
    "not UTF-8": COMPLETE.replace(b'"test"', b'"\xff\xfe"'),
    "not UTF-8 in an unknown key": COMPLETE.replace(b'"name"', b'"\xff":1,"name"'),
    "half a surrogate": COMPLETE.replace(b'"test"', b'"\\ud800"'),
    "NUL": COMPLETE.replace(b'"test"', b'"\0"'),
    "NaN": COMPLETE.replace(b'"test"', b"NaN"),
    "NaN guidance": COMPLETE[:-1] + b',"defaults":{"guidance_scale":NaN}}',
    "infinite guidance": COMPLETE[:-1] + b',"defaults":{"guidance_scale":Infinity}}',
    "overflowing guidance": COMPLETE[:-1] + b',"defaults":{"guidance_scale":1e999}}',
    "deep list": b"[" * 1_000_000,
    "deep object": b'{"a":' * 200_000,
    "deep value of an unknown key": COMPLETE[:-1] + b',"x":' + b"[" * 200_000,
    "deep value of a network": COMPLETE[:-1] + b',"network":{"unet":{"a":' + b"[" * 200_000,
    "digits": COMPLETE.replace(b'"test"', b"9" * 100_000),
    "key twice": COMPLETE[:-1] + b',"name":"other"}',
    "key twice, escaped": COMPLETE[:-1] + b',"n\\u0061me":"other"}',
    "file twice": COMPLETE.replace(
        b'"files": {', b'"files": {"spatial.safetensors":{"size":2,"sha256":"%b"},' % (b"0" * 64)
    ),
    "pickle": b"\x80\x04\x95\x0b\x00\x00\x00.",
    "zip": b"PK\x03\x04" + bytes(40),
}


def write(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)


def test_minimal_manifest_is_read(tmp_path: Path) -> None:
    write(tmp_path, COMPLETE)
    manifest, _ = read_manifest(tmp_path)
    assert manifest.modules == {Module.UNET: Artifact(weights=("spatial.safetensors",))}
    assert (manifest.frames.trained, manifest.vae.scaling_factor) == (16, 0.18215)


@pytest.mark.parametrize("name", CHANGES)
def test_wrong_value_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, json.dumps({**MINIMAL, **CHANGES[name]}).encode())
    with pytest.raises(BundleError, match="expected"):
        read_manifest(tmp_path)


def test_norm_mode_with_a_line_break_is_refused(tmp_path: Path) -> None:
    write(tmp_path, json.dumps({**MINIMAL, "norm_mode": "pia\n"}).encode())
    with pytest.raises(BundleError, match="expected"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("key", ["schema_version", "name", "format", "norm_mode", "modules", "files"])
def test_missing_key_is_refused(key: str, tmp_path: Path) -> None:
    write(tmp_path, json.dumps({name: value for name, value in MINIMAL.items() if name != key}).encode())
    with pytest.raises(BundleError, match=f"missing required field `{key}`"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_manifest_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, DAMAGED[name])
    with pytest.raises(BundleError, match="expected") as caught:
        read_manifest(tmp_path)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(("version", "advice"), [(SCHEMA_VERSION + 1, "Update PIA Edge"), (0, "Export the bundle")])
def test_other_version_is_named_with_what_to_do(version: int, advice: str, tmp_path: Path) -> None:
    # Keys of another version are unknown; its number must be reported nevertheless.
    write(tmp_path, json.dumps({"schema_version": version, "modes": []}).encode())
    with pytest.raises(BundleError, match=f"found {version}. {advice}"):
        read_manifest(tmp_path)


def test_manifest_of_17_mb_is_refused(tmp_path: Path) -> None:
    write(tmp_path, COMPLETE + b" " * (17 * 2**20))
    with pytest.raises(BundleError, match="at most 1 MB"):
        read_manifest(tmp_path)


texts = st.text(max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)
lengths = st.integers(1, 2**20)
manifests = st.builds(
    Manifest,
    schema_version=st.just(SCHEMA_VERSION),
    name=texts,
    description=texts,
    format=st.sampled_from(Format),
    norm_mode=st.sampled_from(["pia", "diffusers"]),
    modules=st.dictionaries(
        st.sampled_from(Module),
        st.builds(Artifact, graph=st.none() | texts, weights=st.lists(texts, max_size=2).map(tuple), precision=texts),
    ),
    tokenizer=st.tuples(texts, texts),
    sizes=st.tuples(lengths, lengths, lengths)
    .map(sorted)
    .map(lambda edge: Sizes(minimum=edge[0], long_edge=edge[1], maximum=edge[2])),
    frames=st.builds(Frames, trained=lengths, maximum=lengths),
    vae=st.builds(
        Vae, scaling_factor=numbers.map(lambda number: abs(number) + 0.1), downscale=lengths, latent_channels=lengths
    ),
    defaults=st.builds(Defaults, num_inference_steps=lengths, guidance_scale=numbers, negative_prompt=texts),
    affinity_statistics=st.none() | st.lists(st.tuples(numbers, numbers), max_size=3).map(tuple),
    network=st.none(),
    sources=st.lists(st.builds(Source, part=texts, origin=texts, licence=texts, sha256=st.none()), max_size=2).map(
        tuple
    ),
    parity=st.dictionaries(
        st.sampled_from(Module), st.builds(Parity, psnr_db=numbers, max_abs_error=numbers, runtime=texts), max_size=2
    ),
    files=st.just({}),
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
deterministic = settings(max_examples=120, deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("manifest")


@deterministic
@given(manifest=manifests)
def test_what_is_written_is_read(folder: Path, manifest: Manifest) -> None:
    write(folder, msgspec.json.encode(manifest))
    assert read_manifest(folder)[0] == manifest


@deterministic
@given(key=st.sampled_from(sorted(Manifest.__struct_fields__)), value=values)
def test_any_value_of_any_key_is_read_or_refused(folder: Path, key: str, value: object) -> None:
    check(folder, json.dumps({**MINIMAL, key: value}).encode())


@deterministic
@given(content=st.binary(max_size=200) | values.map(lambda value: json.dumps(value).encode()))
def test_any_content_is_refused(folder: Path, content: bytes) -> None:
    write(folder, content)
    with pytest.raises(BundleError):
        read_manifest(folder)


def test_flipped_bits_are_read_or_refused(folder: Path) -> None:
    source = random.Random(3)
    for _ in range(300):
        flipped = bytearray(COMPLETE)
        flipped[source.randrange(len(flipped))] ^= 1 << source.randrange(8)
        check(folder, bytes(flipped))


def check(folder: Path, content: bytes) -> None:
    """Check that the content is a manifest that survives being written again, or is refused by an intended error."""
    write(folder, content)
    try:
        manifest, _ = read_manifest(folder)
    except BundleError:
        return
    assert msgspec.json.decode(msgspec.json.encode(manifest), type=Manifest) == manifest


def test_written_manifest_is_read(tmp_path: Path) -> None:
    manifest = msgspec.json.decode(COMPLETE, type=Manifest)
    (tmp_path / "spatial.safetensors").write_bytes(b"12345")
    (tmp_path / "vocab.json").write_bytes(b"{}")
    (tmp_path / "merges.txt").write_bytes(b"")
    write_manifest(tmp_path, manifest)
    found, _ = read_manifest(tmp_path)
    assert {name: file.size for name, file in found.files.items()} == {
        "merges.txt": 0,
        "spatial.safetensors": 5,
        "vocab.json": 2,
    }
