"""A CLIP of random numbers, written once."""

from pathlib import Path

import pytest

from tests.evaluation.examples import write_tiny_clip


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small CLIP, as transformers writes one."""
    return write_tiny_clip(tmp_path_factory.mktemp("clip") / "tiny-clip")
