"""``pia-edge bundles``: the store from the command line."""

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pia_edge import sample
from pia_edge.bundle import MANIFEST, Bundle, read_manifest, write_manifest
from pia_edge.bundle.manifest import Source
from pia_edge.bundle.store import Store
from pia_edge.cli import main
from pia_edge.cli.bundles import bundles as group
from tests.bundle.small import contents, small

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the commands use."""
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "store"))
    return Store.open()


@pytest.fixture
def two(store: Store, tmp_path: Path) -> Store:
    """The same with two bundles, ``first`` and ``second``, which differ in their spatial weights."""
    for name in ("first", "second"):
        store.add(small(tmp_path / name, name=name, spatial=name.encode()), overwrite=False)
    return store


def run(*arguments: str, capture: Capture, code: int = 0) -> str:
    """Run ``pia-edge bundles …`` and return its stdout."""
    assert main(["bundles", *arguments]) == code
    captured = capture.readouterr()
    assert captured.err == ""
    return captured.out


def run_json(*arguments: str, capture: Capture) -> Any:
    out = run(*arguments, "--json", capture=capture)
    assert out.count("\n") == 1
    return json.loads(out)


def failure(*arguments: str, capture: Capture, code: int) -> str:
    """Run it, check that it ends with ``code`` and an empty stdout, and return its stderr."""
    assert main(["bundles", *arguments]) == code
    captured = capture.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.mark.parametrize("command", group.commands)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(command: str, option: str, capsys: Capture) -> None:
    out = run(command, option, capture=capsys)
    assert out.startswith(f"Usage: pia-edge bundles {command} ")
    assert "--json" in out
    assert max(map(len, out.splitlines())) <= 140


def test_the_commands(capsys: Capture) -> None:
    assert set(group.commands) == {"list", "show", "import", "verify", "remove", "path"}
    assert "Usage: pia-edge bundles" in failure(capture=capsys, code=2)


def test_show(tiny_onnx: Bundle, capsys: Capture) -> None:
    out = run("show", str(tiny_onnx.path), capture=capsys)
    for text in ("tiny", "norm_mode pia", "16 to 256 pixels, multiples of 8", "at most 32", "drawn from names"):
        assert text in out
    assert f"sha256:                 {tiny_onnx.sha256}" in out
    unet = next(line for line in out.splitlines() if line.strip().startswith("unet"))
    assert "dB against the reference (cpu): unet.onnx, spatial.onnx_data, temporal.onnx_data" in unet
    assert "conv_in" not in out
    assert "added words" not in out


def test_show_what_was_fused_and_added(tmp_path: Path, capsys: Capture) -> None:
    folder = small(tmp_path / "fused")
    manifest, _ = read_manifest(folder)
    sources = (
        Source(part="LoRA", origin="film.safetensors", licence="unknown", scale=0.75, detail="192 layers"),
        Source(part="PIA", origin="pia.ckpt", licence="Apache-2.0"),
    )
    (folder / MANIFEST).unlink()
    added = {"<cat>": (49408,), "sks": (49409, 49410)}
    write_manifest(folder, msgspec.structs.replace(manifest, sources=sources, conv_in="pia", added_tokens=added))
    out = run("show", str(folder), capture=capsys)
    assert "from: LoRA:             film.safetensors (unknown), fused at scale 0.75: 192 layers\n" in out
    assert "from: PIA:              pia.ckpt (Apache-2.0)\n" in out
    assert "conv_in:                from the pia weights\n" in out
    assert "added words:            <cat>, sks\n" in out


def test_show_as_json_is_the_manifest(tiny_onnx: Bundle, capsys: Capture) -> None:
    assert run_json("show", str(tiny_onnx.path), capture=capsys) == json.loads((tiny_onnx.path / MANIFEST).read_bytes())


def test_verify(tiny_onnx: Bundle, capsys: Capture) -> None:
    count = len(tiny_onnx.manifest.files)
    assert f"{count} files as the manifest says" in run("verify", str(tiny_onnx.path), capture=capsys)
    expected = {"path": str(tiny_onnx.path), "sha256": tiny_onnx.sha256, "files": count, "ok": True}
    assert run_json("verify", str(tiny_onnx.path), capture=capsys) == expected


def test_verify_finds_one_changed_bit(tiny_onnx: Bundle, tmp_path: Path, capsys: Capture) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_onnx.path, copy)
    content = bytearray((copy / "spatial.onnx_data").read_bytes())
    content[1000] ^= 1
    (copy / "spatial.onnx_data").write_bytes(content)
    run("show", str(copy), capture=capsys)
    assert "spatial.onnx_data: its content has changed" in failure("verify", str(copy), capture=capsys, code=4)


@pytest.mark.parametrize("command", ["show", "verify", "import"])
def test_no_bundle(command: str, tmp_path: Path, capsys: Capture) -> None:
    error = json.loads(failure(command, str(tmp_path / "none"), "--json", capture=capsys, code=4))
    assert error["name"] == "BundleError"


def test_without_a_bundle_the_sample_is_meant(sample_bundle: Bundle, capsys: Capture) -> None:
    assert run_json("show", capture=capsys)["name"] == sample_bundle.manifest.name
    assert run_json("verify", capture=capsys)["sha256"] == sample_bundle.sha256


def test_show_and_verify_take_names_of_the_store(two: Store, capsys: Capture) -> None:
    assert run_json("show", "first", capture=capsys)["name"] == "first"
    assert run_json("verify", "second", capture=capsys)["path"] == str(two.path("second"))
    error = failure("show", "secnod", capture=capsys, code=4)
    assert "neither a folder of this name here nor one in the store. Did you mean second?" in error


def test_list(two: Store, sample_bundle: Bundle, capsys: Capture) -> None:
    lines = run("list", capture=capsys).splitlines()
    assert [line.split()[0] for line in lines] == ["sample", "first", "second"]
    assert "onnx" in lines[0]
    assert "ships with PIA Edge" in lines[0]
    assert "torch" in lines[1]
    assert "kB of it shared, norm_mode pia" in lines[1]
    rows = run_json("list", capture=capsys)
    usage = two.usage("first")
    assert rows[1] == {
        "name": "first",
        "ships": False,
        "path": str(two.path("first")),
        "format": "torch",
        "precision": "fp32",
        "norm_mode": "pia",
        "size": usage.size,
        "shared": usage.size - usage.own,
        "problem": None,
    }
    assert rows[1]["shared"] > 0
    assert rows[0]["ships"]
    assert rows[0]["path"] == str(sample_bundle.path)


def test_list_shows_a_damaged_bundle_and_the_others(two: Store, capsys: Capture) -> None:
    (two.path("first") / MANIFEST).write_bytes(b"{")
    assert "expected a manifest, found damage" in run("list", capture=capsys).splitlines()[1]
    rows = run_json("list", capture=capsys)
    assert [row["problem"] is None for row in rows][1:] == [False, True]
    assert "freed" in run("remove", "first", "--yes", capture=capsys)


def test_list_of_an_empty_store_makes_nothing(store: Store, capsys: Capture) -> None:
    assert [row["name"] for row in run_json("list", capture=capsys)] == ["sample"]
    assert not store.root.exists()


def test_import(store: Store, tmp_path: Path, capsys: Capture) -> None:
    folder = small(tmp_path / "one", name="anime")
    assert run("import", str(folder), capture=capsys).startswith("anime: ")
    assert contents(store.path("anime")) == contents(folder)
    result = run_json("import", str(folder), "--name", "other", capture=capsys)
    assert result["name"] == "other"
    assert result["path"] == str(store.path("other"))
    assert result["sha256"] == Bundle.open(folder).sha256
    assert 0 < result["shared"] < result["size"]
    assert "already" in failure("import", str(folder), capture=capsys, code=7)
    assert "shared with other bundles" in run("import", str(folder), "--overwrite", capture=capsys)


@pytest.mark.parametrize(("name", "text"), [("a/b", "letters, digits"), ("sample", "the sample that ships")])
def test_import_under_a_name_that_cannot_be(
    name: str, text: str, store: Store, tmp_path: Path, capsys: Capture
) -> None:
    folder = str(small(tmp_path / "one"))
    assert text in failure("import", folder, "--name", name, capture=capsys, code=2)
    assert not store.root.exists()


def test_path(two: Store, capsys: Capture) -> None:
    assert run("path", "first", capture=capsys) == f"{two.path('first')}\n"
    assert run_json("path", "first", capture=capsys) == {"name": "first", "path": str(two.path("first"))}
    assert run("path", "sample", capture=capsys) == f"{sample.path()}\n"
    assert "Did you mean first?" in failure("path", "frist", capture=capsys, code=4)


def test_remove(two: Store, capsys: Capture) -> None:
    own = two.usage("first").own
    assert run_json("remove", "first", "--yes", capture=capsys) == [{"name": "first", "freed": own}]
    assert two.names() == ["second"]
    assert run("remove", "second", "second", "--yes", capture=capsys).startswith("removed second: ")
    assert two.names() == []


def test_remove_takes_all_or_none(two: Store, capsys: Capture) -> None:
    assert "found 'third'" in failure("remove", "first", "third", "--yes", capture=capsys, code=4)
    assert "ships with PIA Edge" in failure("remove", "first", "sample", "--yes", capture=capsys, code=4)
    assert two.names() == ["first", "second"]


class Terminal(io.StringIO):
    """A keyboard on which ``answer`` is typed."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 130), ("\n", 130), ("", 130)])
def test_remove_asks_on_a_terminal(
    answer: str, code: int, two: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert main(["bundles", "remove", "first", "second", "--json"]) == code
    captured = capsys.readouterr()
    assert captured.err.startswith("Remove first, second? [y/N]: ")
    assert two.names() == ([] if code == 0 else ["first", "second"])
    assert len(json.loads(captured.out)) == 2 if code == 0 else captured.out == ""


def test_remove_does_not_ask_where_nobody_is(two: Store, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert "--yes removes without asking" in failure("remove", "first", capture=capsys, code=2)
    monkeypatch.setattr(sys, "stdin", None)
    assert "--yes" in failure("remove", "first", capture=capsys, code=2)
    assert two.names() == ["first", "second"]


def test_devices_takes_a_name(tiny_onnx: Bundle, store: Store, capsys: Capture) -> None:
    store.add(tiny_onnx.path, "anime", overwrite=False)
    assert main(["devices", "--bundle", "anime", "--json"]) == 0
    refused = {row["backend"]: row["refused"] for row in json.loads(capsys.readouterr().out)}
    assert refused["intel"] is refused["cpu"] is None


def test_a_clip_is_made_and_replayed_by_name(
    tiny_onnx: Bundle, store: Store, picture_file: Path, tmp_path: Path, capsys: Capture
) -> None:
    store.add(tiny_onnx.path, "anime", overwrite=False)
    clip = str(tmp_path / "clip.gif")
    quick = ["--frames", "2", "--steps", "1", "--backend", "cpu", "--bundle", "anime"]
    assert main(["animate", str(picture_file), "-p", "a cat", "-o", clip, *quick]) == 0
    assert main(["replay", clip, "--image", str(picture_file), "--bundle", "anime"]) == 0
    assert capsys.readouterr().out.endswith("identical: every pixel of every frame\n")
