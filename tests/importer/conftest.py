"""Stand-ins that most import tests read, written once."""

from pathlib import Path

import pytest

from tests.standins.diffusers_base import write_folder
from tests.standins.pia_files import write_pia
from tests.standins.sizes import PAPERS


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reference run's base model (``sd15``) and PIA weights (``pia.safetensors``, ``pia.ckpt``)."""
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "sd15", PAPERS)
    write_pia(folder / "pia.safetensors", PAPERS)
    write_pia(folder / "pia.ckpt", PAPERS)
    return folder
