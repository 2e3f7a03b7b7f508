"""A bundle of a few kilobytes that opens, and what tests of the store ask of a store."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from pia_edge.bundle import write_manifest
from pia_edge.bundle.manifest import Artifact, Format, Manifest
from pia_edge.bundle.store import Store
from pia_edge.modules import Module

TEMPORAL = bytes(range(256)) * 40


def safetensors(content: bytes) -> bytes:
    """A file of one tensor of bytes."""
    header = b'{"weight":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}' % (len(content), len(content))
    return len(header).to_bytes(8, "little") + header + content


def write_small(
    folder: Path, *, name: str = "small", spatial: bytes = b"spatial", temporal: bytes = b"temporal"
) -> None:
    """Write a bundle whose files differ from others of its kind in ``spatial`` and ``temporal`` alone."""
    (folder / "card").mkdir(parents=True)
    files = {
        "vocab.json": b'{"a": 0}',
        "merges.txt": b"#version: 0.2\n",
        "card/preview.png": b"\x89PNG\r\n\x1a\n",
        "spatial.safetensors": safetensors(spatial),
        "temporal.safetensors": safetensors(temporal),
    }
    for file, content in files.items():
        (folder / file).write_bytes(content)
    modules = {Module.UNET: Artifact(weights=("spatial.safetensors", "temporal.safetensors"))}
    write_manifest(folder, Manifest(name=name, format=Format.TORCH, norm_mode="pia", modules=modules, files={}))


def small(folder: Path, **choices: str | bytes) -> Path:
    """Write one into the new folder ``folder`` and return it."""
    write_small(folder, **choices)  # type: ignore[arg-type]
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``, by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refusing(number: int) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


def blobs(store: Store) -> list[Path]:
    return sorted(path for path in (store.root / "blobs").rglob("*") if path.is_file())


def nothing_left(store: Store) -> bool:
    return store.names() == [] and blobs(store) == [] and list((store.root / "bundles").iterdir()) == []
