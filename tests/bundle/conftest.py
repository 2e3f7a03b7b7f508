"""An empty store, and two bundles that share their temporal weights."""

from pathlib import Path

import pytest

from pia_edge.bundle.store import Store
from tests.bundle.small import TEMPORAL, small


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return small(tmp_path / "one", spatial=b"1", temporal=TEMPORAL)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Differs from ``one`` in its spatial weights."""
    return small(tmp_path / "two", spatial=b"2", temporal=TEMPORAL)
