"""What experiments share: their arguments, the pictures, and results as JSON beside the machine that made them."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clips import SEEDS, STEPS, Studio, held_out

from pia_edge.bundle import Bundle
from pia_edge.machine import machine

RESULTS = Path(__file__).parent.parent / "results" / "experiments"


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the command line said."""

    bundle: Path
    pictures: Sequence[Path]
    clips: Path
    """Where clips are kept."""
    run: Path | None
    """The folder of the training run, where an experiment needs it."""
    styles: dict[str, Path]
    """Bundles of personalized bases, by name."""

    def studio(self, bundle: Path | None = None) -> Studio:
        """Return the maker of clips with ``bundle``, or with the one that was given."""
        return Studio(bundle or self.bundle, self.clips)


def given(description: str | None) -> Given:
    """Return the arguments of an experiment."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of pictures held out")
    parser.add_argument("--clips", type=Path, required=True, help="folder in which clips are kept")
    parser.add_argument("--run", type=Path, help="folder of the training run")
    parser.add_argument("--style", action="append", default=[], metavar="NAME=BUNDLE", help="a personalized base")
    parser.add_argument("--limit", type=int, help="pictures at most; for trying")
    found = parser.parse_args()
    return Given(
        bundle=found.bundle,
        pictures=held_out(found.pictures)[: found.limit],
        clips=found.clips,
        run=found.run,
        styles={name: Path(path) for name, _, path in (style.partition("=") for style in found.style)},
    )


def keep(name: str, arguments: Given, measured: dict[str, Any], steps: int = STEPS) -> None:
    """Write what was measured to ``results/experiments/NAME.json``."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    described = {
        "machine": machine(),
        "bundle": Bundle.open(arguments.bundle).sha256,
        "pictures": len(arguments.pictures),
        "steps": steps,
        "seeds": list(SEEDS),
        **measured,
    }
    text = json.dumps(described, indent=1)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def say(text: str) -> None:
    """Print how far an experiment is, on stderr."""
    print(text, file=sys.stderr, flush=True)


def one_seed_each(pictures: Sequence[Path]) -> list[tuple[Path, int]]:
    """Return each picture with one of the seeds in turn, for experiments in which all of them would take days."""
    return [(picture, SEEDS[number % len(SEEDS)]) for number, picture in enumerate(pictures)]
