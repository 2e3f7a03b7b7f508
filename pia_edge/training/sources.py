"""What pictures are made from, gathered into one file: training elsewhere needs nothing else that is fetched."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pia_edge.errors import BundleError

from . import cutouts, panoramas
from .cutouts import Cutout, read_cutouts
from .panoramas import read_panoramas
from .photographs import PHOTOGRAPHS, load_photographs


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Photographs, panoramas and cut-outs; everything may be empty, then scenes are only rendered."""

    photographs: dict[str, NDArray[np.uint8]]
    """By file name, RGB (height, width, 3)."""
    panoramas: dict[str, NDArray[np.uint8]]
    """By name, RGB (256, 512, 3)."""
    cutouts: list[Cutout]

    @property
    def provenance(self) -> dict[str, str]:
        """Source -> licence."""
        found = {name: PHOTOGRAPHS[name][1] for name in self.photographs}
        found |= {f"{name}.exr": panoramas.LICENCE for name in self.panoramas}
        return found | ({f"{len(self.cutouts)} cut-outs": cutouts.LICENCE} if self.cutouts else {})


def gather(folder: Path) -> Sources:
    """Return what scripts/fetch-training-pictures has put into ``folder``, and scikit-image's photographs.

    Raises:
        BundleError: the folder is not complete.
    """
    hdri, clipart = folder / "hdri", folder / "openclipart"
    if not (hdri.is_dir() and clipart.is_dir()):
        raise BundleError(
            f"{folder}: expected the folders hdri and openclipart, found neither or one of them. "
            f"Run: python scripts/fetch-training-pictures {folder}"
        )
    return Sources(photographs=load_photographs(), panoramas=read_panoramas(hdri), cutouts=read_cutouts(clipart))


def save_sources(sources: Sources, path: Path) -> None:
    """Write ``sources`` to ``path``, a compressed NumPy archive of about 30 MB."""
    arrays = {f"photograph {name}": pixels for name, pixels in sources.photographs.items()}
    arrays |= {f"panorama {name}": pixels for name, pixels in sources.panoramas.items()}
    arrays |= {f"cutout {index}": cutout.pixels for index, cutout in enumerate(sources.cutouts)}
    nouns = json.dumps([cutout.noun for cutout in sources.cutouts])
    np.savez_compressed(path, nouns=np.frombuffer(nouns.encode(), np.uint8), **arrays)  # type: ignore[arg-type]


def load_sources(path: Path) -> Sources:
    """Return what ``save_sources`` wrote.

    Raises:
        BundleError: there is no such file.
    """
    if not path.is_file():
        raise BundleError(f"No sources at {path}: run the stage 'sources' first.")
    with np.load(path, allow_pickle=False) as archive:
        kinds: dict[str, dict[str, NDArray[np.uint8]]] = {"photograph": {}, "panorama": {}, "cutout": {}}
        for key in archive.files:
            kind, _, name = key.partition(" ")
            if kind in kinds:
                kinds[kind][name] = archive[key]
        nouns: list[str] = json.loads(archive["nouns"].tobytes())
    things = [Cutout(noun=noun, pixels=kinds["cutout"][str(index)]) for index, noun in enumerate(nouns)]
    return Sources(photographs=kinds["photograph"], panoramas=kinds["panorama"], cutouts=things)
