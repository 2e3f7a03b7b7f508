"""The window without a display, and what a test of it must leave behind: nothing."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication

from pia_edge.gui.model import desk as desk_module
from pia_edge.gui.model.desk import Desk
from pia_edge.gui.model.places import Places
from tests.gui.quick_worker import QuickWorker


@pytest.fixture(autouse=True)
def nothing_left_over(qapp: QApplication) -> Iterator[None]:
    """Fail where a window or a pooled thread outlives its test; napari's leaks were found that way."""
    before = set(qapp.topLevelWidgets())
    yield
    qapp.sendPostedEvents()
    gc.collect()
    assert [widget for widget in qapp.topLevelWidgets() if widget not in before and widget.isVisible()] == []
    assert QThreadPool.globalInstance().activeThreadCount() == 0


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def desk(qapp: QApplication, places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The model over an empty home, with real workers that start when they are first asked."""
    assert qapp is not None
    monkeypatch.setenv("PIA_EDGE_HOME", str(places.root))
    one = Desk(places)
    yield one
    one.close()


@pytest.fixture
def quick_desk(qapp: QApplication, places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The same, but questions are answered by a thread of this process, which need not be started."""
    assert qapp is not None
    monkeypatch.setenv("PIA_EDGE_HOME", str(places.root))
    monkeypatch.setattr(desk_module, "Worker", QuickWorker)
    one = Desk(places)
    yield one
    one.close()
