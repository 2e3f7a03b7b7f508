"""Pickles: hostile ones run nothing, harmless ones are read as torch reads them, damaged ones are refused."""

import io
import pickle
import random
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch._utils import _rebuild_tensor_v2

from pia_edge.errors import ModelError
from pia_edge.importer import ImportRequest, import_bundle
from pia_edge.importer.tensor_file import TensorFile, open_tensor_file
from tests.importer.wrong_inputs import ROLES, Asked
from tests.standins.attack_files import ATTACKS, write_attack
from tests.standins.embedding_files import write_embedding
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS

OPT_IN = "add --allow-pickle: its numbers are then read without running anything in it"


def refused(asked: Mapping[str, Any], target: Path, *, allow_pickle: bool) -> str:
    with pytest.raises(ModelError) as caught:
        import_bundle(ImportRequest(**asked, allow_pickle=allow_pickle), target)
    assert not target.exists()
    return str(caught.value)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("suffix", [None, ".safetensors"])
@pytest.mark.parametrize("allow_pickle", [False, True])
def test_attacks_run_nothing(attack: str, suffix: str | None, allow_pickle: bool, models: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    path = write_attack(tmp_path, attack, canary, suffix)
    for role in ("base", "pia", "lora", "embedding"):
        asked = {"base": models / "sd15", "pia": models / "pia.safetensors", **ROLES[role](path)}
        said = refused(asked, tmp_path / "made", allow_pickle=allow_pickle)
        assert not canary.exists(), role
        in_zip = attack not in ("legacy tar", "renamed")
        assert (OPT_IN in said) == (in_zip and not allow_pickle)
        assert ("nothing of it was run" in said) == (in_zip and allow_pickle)
        assert "as .safetensors" in said


@pytest.mark.parametrize("suffix", [".ckpt", ".safetensors"])
def test_a_pickle_is_read_only_on_request(suffix: str, models: Path, tmp_path: Path) -> None:
    path = tmp_path / f"pia{suffix}"
    path.write_bytes((models / "pia.ckpt").read_bytes())
    asked: Asked = {"base": models / "sd15", "pia": path}
    assert OPT_IN in refused(asked, tmp_path / "made", allow_pickle=False)
    plain = ImportRequest(base=models / "sd15", pia=models / "pia.safetensors")
    made = import_bundle(ImportRequest(**asked, allow_pickle=True), tmp_path / "made")
    assert made.manifest.files == import_bundle(plain, tmp_path / "plain").manifest.files


GRID = torch.arange(12.0).reshape(3, 4)
HARMLESS: dict[str, object] = {
    "flat": {"a": GRID, "b": GRID + 1},
    "wrapper": {"state_dict": {"a": GRID}, "epoch": 3, "loss": 0.5, "note": "fine"},
    "nested": {"a": {"b": OrderedDict(c=GRID)}, 7: GRID},
    "transposed": {"a": GRID.T},
    "cut": {"a": GRID[1:, 1:3]},
    "steps": {"a": GRID[:, ::2]},
    "spread": {"a": torch.ones(1).expand(5)},
    "shared": {"a": GRID, "b": GRID[1], "c": GRID.T},
    "empty": {"a": torch.empty(0, 3), "b": torch.empty(0), "c": GRID},
    "one number": {"a": torch.tensor(3.0)},
    "half": {"a": GRID.half()},
    "bfloat16": {"a": GRID.bfloat16()},
    "float8": {"a": GRID.to(torch.float8_e4m3fn)},
    "double": {"a": GRID.double()},
    "integers": {"a": GRID.long(), "b": GRID.to(torch.uint8), "c": GRID > 3},
    "parameter": {"a": torch.nn.Parameter(GRID)},
    "asks for gradients": {"a": GRID.clone().requires_grad_()},
}


def flat(content: Any, prefix: str = "") -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for key, value in content.items():
        if isinstance(value, Tensor):
            found[f"{prefix}{key}"] = value.detach()
        elif isinstance(value, dict):
            found |= flat(value, "" if key == "state_dict" else f"{prefix}{key}.")
    return found


def assert_as_torch(path: Path) -> TensorFile:
    """Check that each tensor is the one that torch reads, bit by bit."""
    expected = flat(torch.load(path, weights_only=True, map_location="cpu"))
    file = open_tensor_file(path, allow_pickle=True)
    assert file.tensors.keys() == expected.keys()
    for name, tensor in expected.items():
        read = file.read(name)
        assert (read.dtype, read.shape) == (tensor.dtype, tensor.shape)
        assert read.contiguous().flatten().view(torch.uint8).equal(tensor.contiguous().flatten().view(torch.uint8))
    return file


@pytest.mark.parametrize("kind", HARMLESS)
def test_harmless_pickles_are_read_as_torch_reads_them(kind: str, tmp_path: Path) -> None:
    torch.save(HARMLESS[kind], tmp_path / "model.pt")
    file = assert_as_torch(tmp_path / "model.pt")
    assert file.values == ({"epoch": 3, "loss": 0.5, "note": "fine"} if kind == "wrapper" else {})


def test_pickles_from_a_gpu(tmp_path: Path) -> None:
    assert_as_torch(write_pia(tmp_path / "pia.ckpt", PAPERS, location="cuda:0", wrapper=True))
    assert_as_torch(write_embedding(tmp_path / "word.pt", PAPERS, "a1111", location="cuda:1"))


# Tensors that are no plain numbers, or of which there are two.
OTHERS: dict[str, tuple[Callable[[], object], str]] = {
    "sparse": (lambda: {"a": GRID.to_sparse()}, "such as a sparse one"),
    "of no device": (lambda: {"a": GRID.to("meta")}, "expected plain numbers in 'a'"),
    "negated": (lambda: {"a": torch._neg_view(GRID)}, "expected plain numbers in 'a'"),
    "spread over more than the file": (lambda: {"a": torch.ones(1).expand(10**12)}, "reaches beyond"),
    "two of one name": (lambda: {"a.b": GRID, "a": {"b": GRID + 1}}, "two tensors 'a.b'"),
    "one beside its wrapper": (lambda: {"a": GRID, "state_dict": {"a": GRID + 1}}, "two tensors 'a'"),
    "none": (lambda: {"a": [GRID], "b": 1}, "a pickle without any"),
    "no dictionary": (lambda: GRID, "a pickle without any"),
    "a million": (lambda: {"a": GRID, "b": tangle(40, 8)}, "more than 1048576 entries"),
}


def tangle(width: int, depth: int) -> dict[str, object]:
    """A small pickle in which every dictionary names the next one ``width`` times."""
    inner: dict[str, object] = {}
    for _ in range(depth):
        inner = dict.fromkeys(map(str, range(width)), inner)
    return inner


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_plain_tensor_is_refused(kind: str, tmp_path: Path) -> None:
    make, found = OTHERS[kind]
    torch.save(make(), tmp_path / "model.pt")
    with pytest.raises(ModelError, match="Get ") as caught:
        open_tensor_file(tmp_path / "model.pt", allow_pickle=True)
    assert found in str(caught.value)


class Stored:
    """Pickles as a tensor of the storage ``data/0``, at places that nobody has checked."""

    def __init__(self, *place: object, claimed: int = 12, key: str = "0") -> None:
        self.place = place
        self.storage = ("storage", torch.FloatStorage, key, "cpu", claimed)

    def __reduce__(self) -> tuple[Any, tuple[object, ...]]:
        offset, shape, stride = self.place
        return _rebuild_tensor_v2, (_Reference(self.storage), offset, shape, stride, False, OrderedDict())


class _Reference:
    def __init__(self, content: tuple[object, ...]) -> None:
        self.content = content


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: object) -> object:
        return obj.content if isinstance(obj, _Reference) else None


def craft(
    path: Path,
    tensor: Stored | None = None,
    *,
    method: int = zipfile.ZIP_STORED,
    order: bytes = b"little",
    more: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a checkpoint of twelve numbers record by record."""
    structure = io.BytesIO()
    _Pickler(structure, protocol=2).dump({"a": tensor or Stored(0, (3, 4), (4, 1))})
    records = {"data.pkl": structure.getvalue(), "byteorder": order, "version": b"3\n"}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in (records | {"data/0": GRID.numpy().tobytes()} | dict(more or {})).items():
            archive.writestr(f"archive/{name}", content)
    return path


def patched(path: Path, mark: bytes, at: int, value: bytes) -> Path:
    """Change the entry of ``data.pkl`` that begins with ``mark``: a local header, or one of the directory."""
    content = bytearray(path.read_bytes())
    start = content.index(mark, 0)
    content[start + at : start + at + len(value)] = value
    path.write_bytes(content)
    return path


LOCAL, DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"
HUGE = struct.pack("<II", 2**31, 2**31)
CRAFTED: dict[str, Callable[[Path], Path]] = {
    "compressed": lambda p: craft(p, method=zipfile.ZIP_DEFLATED),
    "encrypted": lambda p: patched(craft(p), DIRECTORY, 8, b"\x01\x00"),
    "big-endian": lambda p: craft(p, order=b"big"),
    "two structures": lambda p: craft(p, more={"other/data.pkl": b"\x80\x02}."}),
    "a structure of 2 GB": lambda p: patched(craft(p), DIRECTORY, 20, HUGE),
    "an unknown method": lambda p: patched(craft(p), DIRECTORY, 10, b"\x63\x00"),
    "a cut directory": lambda p: cut(craft(p), -30),
    "no directory": lambda p: cut(craft(p), -300),
    "a cut record": lambda p: cut(craft(p), 200),
    "larger than its storage": lambda p: craft(p, Stored(0, (3, 5), (5, 1))),
    "at the end of its storage": lambda p: craft(p, Stored(10, (3, 4), (4, 1))),
    "before its storage": lambda p: craft(p, Stored(-3, (3,), (1,))),
    "backwards": lambda p: craft(p, Stored(11, (3,), (-1,))),
    "of negative length": lambda p: craft(p, Stored(0, (-3,), (1,))),
    "in large steps": lambda p: craft(p, Stored(0, (2,), (2**61,))),
    "storage larger than its record": lambda p: craft(p, Stored(0, (20,), (1,), claimed=20)),
    "storage larger than any": lambda p: craft(p, Stored(0, (2**60,), (1,), claimed=2**60)),
    "no storage": lambda p: craft(p, Stored(0, (3, 4), (4, 1), key="7")),
    "sizes in words": lambda p: craft(p, Stored(0, ("x",), (1,))),
}


def cut(path: Path, end: int) -> Path:
    path.write_bytes(path.read_bytes()[:end])
    return path


def test_the_crafted_checkpoint_is_right_but_for_its_fault(tmp_path: Path) -> None:
    assert_as_torch(craft(tmp_path / "model.pt"))
    assert_as_torch(craft(tmp_path / "cut.pt", Stored(5, (2, 3), (4, 1))))


@pytest.mark.parametrize("fault", CRAFTED)
def test_crafted_checkpoints_are_refused(fault: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = CRAFTED[fault](tmp_path / "model.pt")
    with pytest.raises(ModelError, match=r"Get |Unpack it") as caught:
        open_tensor_file(path, allow_pickle=True)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 500
    assert capfd.readouterr().err == "", "torch logs nothing"


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_flipped_bits_are_read_or_refused(suffix: str, tmp_path: Path) -> None:
    path, state = tmp_path / f"model{suffix}", {"a.weight": GRID, "b": torch.ones(3).half()}
    if suffix == ".pt":
        torch.save({"state_dict": state, "step": 3}, path)
    else:
        save_file(state, path)
    right = path.read_bytes()
    chosen = random.Random(0)
    for _ in range(50):
        wrong = bytearray(right)
        wrong[chosen.randrange(len(wrong))] ^= 1 << chosen.randrange(8)
        path.write_bytes(wrong)
        with suppress(ModelError):
            file = open_tensor_file(path, allow_pickle=True)
            for name in file.tensors:
                file.read(name)
