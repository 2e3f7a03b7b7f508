"""``pia-edge import``: what it makes and prints, and how faults end."""

import importlib.util
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pia_edge.bundle import Bundle
from pia_edge.bundle.store import Store
from pia_edge.cli import main
from tests.importer.targets import Usage
from tests.standins.diffusers_base import write_folder
from tests.standins.embedding_files import write_embedding
from tests.standins.lora_files import write_kohya
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS
from tests.test_privacy import COMMAND, Traced, talks, traced, written

__all__ = ["traced"]

# urllib3, which diffusers imports, finds out whether there is IPv6 by a socket that it binds to this very machine.
IPV6_PROBE = re.compile(r'socket\(AF_INET6, SOCK_STREAM|bind\(.*sin6_port=htons\(0\).*"::1"')

Capture = pytest.CaptureFixture[str]
Import = Callable[..., int]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "sd15", PAPERS)
    write_pia(folder / "pia.safetensors", PAPERS)
    write_pia(folder / "pia.ckpt", PAPERS)
    write_kohya(folder / "ink.safetensors", PAPERS, rank=4)
    write_embedding(folder / "word.safetensors", PAPERS, "emb_params")
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command runs; the store lies beside it."""
    monkeypatch.setenv("PIA_EDGE_HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def run(here: Path, models: Path) -> Import:
    """Run ``import`` with the stand-ins; later options win."""
    assert here.is_dir()

    def run_it(*options: str | Path) -> int:
        return main(
            ["import", "--base", str(models / "sd15"), "--pia", str(models / "pia.safetensors"), *map(str, options)]
        )

    return run_it


def test_a_bundle_is_made_in_the_store_or_where_it_is_asked_for(run: Import, here: Path, capsys: Capture) -> None:
    assert run() == 0
    captured = capsys.readouterr()
    folder = here.parent / "home" / "bundles" / "sd15"
    assert captured.out == f"{folder}\n"
    assert captured.err.splitlines()[-1] == "sd15: PIA over sd15, 10 MB"
    assert "reading models (MB): 19 of 19" in captured.err
    assert "writing bundle (MB): 9 of 9" in captured.err
    assert run("-o", "made", "--name", "other") == 0
    captured = capsys.readouterr()
    assert captured.out == f"{here / 'made'}\n"
    assert captured.err.splitlines()[-1] == "other: PIA over sd15, 10 MB"
    assert Bundle.open(folder).manifest.files == Bundle.open(here / "made").manifest.files
    assert Store.open().names() == ["sd15"]


def test_json_is_one_object_and_nothing_else(run: Import, here: Path, models: Path, capsys: Capture) -> None:
    assert run("--json", "--lora", f"{models / 'ink.safetensors'}:0.5", "-o", "made") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    result = json.loads(captured.out)
    bundle = Bundle.open(here / "made")
    assert result["path"] == str(here / "made")
    assert (result["name"], result["sha256"]) == ("sd15-ink", bundle.sha256)
    assert [source["scale"] for source in result["sources"] if source["part"] == "lora"] == [0.5]
    assert [source["sha256"] for source in result["sources"]] == [source.sha256 for source in bundle.manifest.sources]


def test_a_dry_run_says_what_each_file_is_and_writes_nothing(
    run: Import, here: Path, models: Path, capsys: Capture
) -> None:
    added = ["--lora", f"{models / 'ink.safetensors'}:0.5", "--embedding", f"{models / 'word.safetensors'}:inky"]
    options = ["--pia", str(models / "pia.ckpt"), "--allow-pickle", *added, "-o", "made", "--dry-run"]
    assert run(*options) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = captured.out.splitlines()
    for line in (
        "base: diffusion_pytorch_model.safetensors, safetensors: the UNet of Stable Diffusion 1 under diffusers' names",
        "base:   684 tensors: unet",
        "base: model.safetensors, safetensors: a CLIP text encoder",
        "base:   1 tensors left out: numbers of positions, which are counted anew",
        "PIA: pia.ckpt, pickle",
        "PIA:   520 tensors: motion modules",
        "PIA:   conv_in: condition channels; noisy-latent channels and bias from base",
        "embedding: word.safetensors: 'inky', 2 tokens",
        "tokenizer: tokenizer/vocab.json, 514 tokens",
        "writes: 10 MB in fp16",
    ):
        assert line in lines
    assert any(line.startswith("LoRA: ink.safetensors at 0.5: ") and line.endswith("rank 4") for line in lines)
    assert run(*options, "--json") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    result = json.loads(captured.out)
    assert result["lines"] == lines
    assert result["precision"] == "fp16"
    assert result["bytes"] // 10**6 == 9
    assert list(here.iterdir()) == []
    assert not (here.parent / "home").exists()


def test_a_bundle_of_the_store_by_its_name(run: Import, here: Path, models: Path, capsys: Capture) -> None:
    assert run("--name", "first") == 0
    assert main(["import", "--from", "first", "--lora", str(models / "ink.safetensors"), "--name", "second"]) == 0
    assert Store.open().names() == ["first", "second"]
    assert capsys.readouterr().out.splitlines()[-1] == str(here.parent / "home" / "bundles" / "second")
    assert main(["import", "--from", "frist", "--precision", "fp32", "--json"]) == 4
    assert "Did you mean first?" in json.loads(capsys.readouterr().err)["message"]


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (["--lora", "ink.safetensors:strong"], 2, "expected a scale such as 0.8 after the colon"),
        (["--motion-lora", "zoom.ckpt:nan"], 2, "expected a scale such as 0.8 after the colon"),
        (["--lora", "ink.safetensors:101"], 2, "expected a scale between -100 and 100"),
        (["--precision", "int4"], 2, "'int4' is not one of"),
        (["--conv-in", "both"], 2, "'both' is not one of"),
        (["--norm-mode", "none"], 2, "'none' is not one of"),
        (["--no-such-option"], 2, "No such option"),
        (["--name", "no/such name"], 2, "Expected a name of letters, digits"),
        (["--name", "sample"], 2, "the sample that ships has"),
        (["--base", "no.safetensors"], 4, "No such file or directory"),
        (["--vae", "C:\\no.safetensors"], 4, "No such file or directory"),
        (["--lora", "no.safetensors:0.5"], 4, "no.safetensors: expected a readable model"),
        (["--embedding", "no.pt:cat"], 4, "no.pt: expected a readable model"),
        (["--from", "nowhere"], 4, "expected a bundle"),
        (["--tokenizer", "."], 4, "expected a folder with vocab.json and merges.txt"),
        (["--pia", "MODELS/pia.ckpt"], 4, "add --allow-pickle"),
        (["--pia", "MODELS/sd15/unet"], 4, "found the UNet of Stable Diffusion 1"),
        (["-o", "no/such/folder"], 7, "no such folder"),
        (["-o", "/dev/null/made"], 7, "is a file"),
    ],
)
def test_each_kind_of_error_has_its_code_and_message(
    options: list[str], code: int, text: str, run: Import, here: Path, models: Path, capsys: Capture
) -> None:
    options = [option.replace("MODELS", str(models)) for option in options]
    for mode in ([], ["--json"]):
        assert run(*mode, *options) == code
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "Traceback" not in captured.err
        assert "defect" not in captured.err
        message = json.loads(captured.err)["message"] if mode else captured.err
        assert text.casefold() in message.casefold()
        assert not mode or json.loads(captured.err)["code"] == code
    assert list(here.iterdir()) == []
    assert not (here.parent / "home").exists()


@pytest.mark.parametrize("options", [[], ["--base", "a"], ["--pia", "b"], ["--lora", "c"]])
def test_too_little(options: list[str], here: Path, capsys: Capture) -> None:
    assert main(["import", *options]) == 2
    assert "Expected a base model and PIA weights (--base and --pia)" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_an_existing_bundle_is_replaced_only_on_request(run: Import, here: Path, capsys: Capture) -> None:
    assert run("-o", "made") == 0
    before = Bundle.open(here / "made").sha256
    assert run("-o", "made", "--precision", "fp32") == 7
    assert "is not empty. Choose another folder, or allow overwriting" in capsys.readouterr().err
    assert Bundle.open(here / "made").sha256 == before
    assert run("-o", "made", "--precision", "fp32", "--overwrite") == 0
    assert Bundle.open(here / "made").sha256 != before


def test_too_little_space(run: Import, here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6))
    assert run("--json", "-o", "made") == 7
    assert "Free some space or choose another disk" in json.loads(capsys.readouterr().err)["message"]
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("missing", [["torch"], ["diffusers", "transformers"]])
def test_without_the_extra(missing: list[str], run: Import, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else find(name))
    assert run("--json") == 2
    report = json.loads(capsys.readouterr().err)
    assert report["name"] == "MissingExtraError"
    assert ", ".join(missing) in report["message"]
    assert report["message"].endswith("Run: pip install 'pia-edge[export]'")


def test_a_name_that_is_no_unicode(run: Import, here: Path, models: Path, capsys: Capture) -> None:
    name = "caf\udce9.safetensors"
    try:
        shutil.copyfile(models / "ink.safetensors", here / name)
    except OSError:
        pytest.skip("this disk takes Unicode names only")
    assert run("--lora", name, "--dry-run", "--json") == 0
    assert any(
        line.startswith("LoRA: caf\\udce9.safetensors at 1") for line in json.loads(capsys.readouterr().out)["lines"]
    )
    assert run("--lora", name, "--json", "-o", "caf\udce9") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["path"].endswith("caf\\udce9")
    assert result["sources"][-1]["origin"] == "caf\\udce9.safetensors"


def test_it_asks_nobody_and_writes_nothing_but_its_target(traced: Traced, models: Path, tmp_path: Path) -> None:
    sources = ["--base", str(models / "sd15"), "--pia", str(models / "pia.ckpt"), "--allow-pickle"]
    calls = traced(*COMMAND, "import", *sources, "-o", "made")
    assert [call for call in talks(calls) if not IPV6_PROBE.search(call)] == []
    work, temporary = tmp_path / "work", tmp_path / "temporary"
    paths = {(work / path).resolve() for path in written(calls)}
    assert work / "made" in paths, "the trace shows what is written"
    ours = {path for path in paths if path.is_relative_to(work)}
    assert {path.parent for path in paths - ours} == {temporary}
    assert {path.relative_to(work).parts[0].partition("-edge-")[0] for path in ours} == {"made", ".pia"}
    assert [path.name for path in work.iterdir()] == ["made"]
    # torch makes an empty folder for kernels that it may compile; Python tries whether it may write there.
    assert [path for path in temporary.rglob("*") if not path.name.startswith("torchinductor_")] == []
