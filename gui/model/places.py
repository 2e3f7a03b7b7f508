"""Where the desktop app keeps its things: beside the bundles, so that PIA_EDGE_HOME moves all of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pia_edge.bundle.store import Store


@dataclass(frozen=True)
class Places:
    """Files and folders below ``root``; none need exist."""

    root: Path

    @classmethod
    def open(cls) -> Self:
        """Return the user's places."""
        return cls(Store.open().root)

    @property
    def database(self) -> Path:
        """The queue and the gallery."""
        return self.root / "desktop.sqlite3"

    @property
    def bundles(self) -> Path:
        """The bundles of the store, a folder each."""
        return self.root / "bundles"

    @property
    def windows(self) -> Path:
        """A locked file for each open window, by which the others see that it lives."""
        return self.root / "windows"

    @property
    def clips(self) -> Path:
        """Finished clips, lossless, with their recipes inside."""
        return self.root / "clips"

    @property
    def pictures(self) -> Path:
        """Pictures that were pasted, which lie nowhere else."""
        return self.root / "pictures"

    @property
    def scratch(self) -> Path:
        """What may be deleted whenever no window is open."""
        return self.root / "scratch"

    @property
    def draft(self) -> Path:
        """The clip that is being composed, as JSON."""
        return self.root / "draft.json"

    @property
    def preferences(self) -> Path:
        """What the user has set, as JSON."""
        return self.root / "preferences.json"
