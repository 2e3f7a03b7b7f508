"""An import that is killed or stopped leaves nothing; run again it gives the bytes of an undisturbed one."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.errors import Cancelled, ModelError
from pia_edge.importer import ImportRequest, import_bundle, importing, make_plan
from pia_edge.progress import Progress, Stage
from tests.importer.targets import TARGETS, files_below, home, into, request, written
from tests.killing import kill_everywhere

ROOT = Path(__file__).parent.parent.parent
__all__ = ["home"]


def kill_at_every_change(target: str, root: Path, models: Path) -> None:
    """Kill an import before each of its changes to the disk, and import again each time."""
    torch.set_num_threads(1)
    asked = request(models)
    import_bundle(asked, into(target, root / "undisturbed"))
    expected = written(target, root / "undisturbed")
    plan = make_plan(asked)
    # Planning changes nothing on the disk, and takes half of the time.
    setattr(importing, "make_plan", lambda _: plan)  # noqa: B010 - the name is not exported

    def work(folder: Path) -> None:
        def touch(progress: Progress) -> None:
            # A file that is opened is a change, so it is killed between two tensors as well.
            if progress.done % 4 == 0:
                (folder / "step").touch()

        import_bundle(asked, into(target, folder), on_step=touch)

    def check(folder: Path) -> None:
        found = written(target, folder)
        shown = {name: content for name, content in found.items() if not name.startswith(".pia-edge-")}
        assert shown in ({}, expected)
        import_bundle(asked, into(target, folder), overwrite=True)
        assert written(target, folder) == expected
        if target == "store":
            blobs = files_below(folder / "home" / "blobs")
            assert len(blobs) == len(expected) - 1, "one for each file but the manifest"
            assert all(blob.stat().st_nlink == 2 for blob in blobs)

    print(kill_everywhere(root / "killed", lambda _: None, work, check))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has neither fork nor SIGKILL")
@pytest.mark.parametrize("target", TARGETS)
def test_killed_at_every_change(target: str, models: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.importer.test_interrupted", target, str(tmp_path), str(models)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= 20, "it was killed many times"


SLOW = """
import sys, time
from pia_edge.cli import main
from pia_edge.importer import importing

def endless(path, pieces, dtype, after_each):
    path.write_bytes(b"half")
    print("writing", flush=True)
    while True:
        time.sleep(0.01)
        after_each(0)

importing.write_pieces = endless
sys.exit(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(("number", "code", "target"), [(signal.SIGINT, 130, "folder"), (signal.SIGTERM, 143, "store")])
def test_a_signal_ends_it_and_leaves_nothing(
    number: signal.Signals, code: int, target: str, models: Path, tmp_path: Path
) -> None:
    path = into(target, tmp_path)
    output = ["-o", str(path)] if path else []
    sources = ["--base", str(models / "sd15"), "--pia", str(models / "pia.safetensors")]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "import", *sources, *output], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    assert len(files_below(tmp_path)) == 2, "a lock and half a file of weights"
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert out == b""
    assert err.splitlines()[-1] == b"pia-edge: Stopped as asked; nothing was written."
    assert b"Traceback" not in err
    assert files_below(tmp_path) == []


@pytest.mark.parametrize("stage", [None, Stage.READ_SOURCES, Stage.WRITE_WEIGHTS])
@pytest.mark.parametrize("target", TARGETS)
def test_cancelling_leaves_nothing(target: str, stage: Stage | None, models: Path, tmp_path: Path) -> None:
    token = CancelToken()
    seen: list[Progress] = []

    def cancel(progress: Progress) -> None:
        seen.append(progress)
        if progress.stage is stage and progress.done >= 2:
            token.cancel()

    if stage is None:
        token.cancel()
    with pytest.raises(Cancelled):
        import_bundle(request(models), into(target, tmp_path), on_step=cancel, cancel=token)
    assert files_below(tmp_path) == []
    assert len([progress for progress in seen if progress.stage is stage and progress.done >= 2]) == bool(stage)
    assert seen == [] or seen[-1].stage is stage
    again = import_bundle(request(models), into(target, tmp_path))
    assert Bundle.open(again.path) == again


def test_progress_ends_at_all_of_it(models: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []
    import_bundle(request(models), tmp_path / "made", on_step=seen.append)
    for stage in (Stage.READ_SOURCES, Stage.WRITE_WEIGHTS):
        reported = [progress for progress in seen if progress.stage is stage]
        done = [progress.done for progress in reported]
        assert done == sorted(set(done))
        assert done[-1] == reported[-1].total


@pytest.mark.parametrize("target", TARGETS)
def test_a_source_that_becomes_shorter(target: str, models: Path, tmp_path: Path) -> None:
    pia = shutil.copyfile(models / "pia.safetensors", tmp_path / "pia.safetensors")
    asked = ImportRequest(base=models / "sd15", pia=pia, name="made")

    def truncate(progress: Progress) -> None:
        if progress.stage is Stage.WRITE_WEIGHTS:
            os.truncate(pia, 400_000)

    with pytest.raises(ModelError, match=r"found the end of the file. Get it again"):
        import_bundle(asked, into(target, tmp_path), on_step=truncate)
    assert files_below(tmp_path) == [pia]


@pytest.mark.parametrize("target", TARGETS)
def test_a_listener_that_fails_is_not_taken_for_a_damaged_model(target: str, models: Path, tmp_path: Path) -> None:
    def closed(_: Progress) -> None:
        raise ValueError("I/O operation on closed file")

    with pytest.raises(ValueError, match="closed file"):
        import_bundle(request(models), into(target, tmp_path), on_step=closed)
    assert files_below(tmp_path) == []


if __name__ == "__main__":
    kill_at_every_change(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
