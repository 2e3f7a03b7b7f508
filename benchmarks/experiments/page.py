"""Writes docs/experiments.md and its figures from what the experiments measured.

``python benchmarks/experiments/page.py`` reads ``benchmarks/results/experiments/*.json``. What has no results yet is
named as missing.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import sections
from sections import Section
from wording import Found, table

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "experiments"
PAGE = ROOT / "docs" / "experiments.md"
FIGURES = ROOT / "docs" / "experiments"

SECTIONS: dict[str, tuple[str, Callable[[Found], Section]]] = {
    "condition": ("The condition module keeps the picture", sections.condition),
    "magnitude": ("Affinity sets how much moves", sections.magnitude),
    "start": ("New weights start at zero", sections.start),
    "affinity_range": ("The range of affinity", sections.affinity_range),
    "following": ("Clips do what the prompt says", sections.following),
    "length": ("Long clips", sections.length),
    "bases": ("One set of temporal layers, three bases", sections.bases),
}


def page(results: Mapping[str, Found]) -> tuple[str, dict[str, str]]:
    """Return the page, and its figures as SVG by name."""
    text = [
        "# Experiments",
        "",
        "PIA's claims, tried with the sample model on pictures that it was never trained on. Every number is a mean "
        "over pictures with its 95 % interval (bootstrap over pictures). Clips are 128x128, made by the sample, "
        "exported for OpenVINO in 16 bits. In (d), (f) and (g) each picture has one of the seeds in turn. "
        "This page is written by `benchmarks/experiments/page.py` from the results that the scripts beside it leave.",
        "",
        *described(results),
        "",
    ]
    figures: dict[str, str] = {}
    for letter, (name, (title, section)) in zip("abcdefg", SECTIONS.items(), strict=True):
        text += [f"## ({letter}) {title}", ""]
        if name not in results:
            text += ["Not measured yet.", ""]
            continue
        lines_, found = section(results[name])
        figures |= found
        text += [*lines_, "", *(f"![{title}](experiments/{figure}.svg)" for figure in found), ""]
    return "\n".join(text).rstrip() + "\n", figures


def described(results: Mapping[str, Found]) -> list[str]:
    """Return what the results were made with."""
    if not results:
        return ["Nothing has been measured yet."]
    rows = []
    for name, found in results.items():
        machine = found["machine"]
        versions = ", ".join(f"{library} {version}" for library, version in machine["versions"].items())
        rows.append(
            [
                name,
                found["pictures"] or "none",
                len(found["seeds"]),
                found["steps"] if found["pictures"] else "none",
                found["bundle"][:12],
                f"{machine['processor']}, {machine['cores']} cores",
                versions,
            ]
        )
    return table(["experiment", "pictures", "seeds", "steps", "bundle", "machine", "versions"], rows)


def main() -> int:
    """Write the page and its figures."""
    results = {
        name: json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        for name in SECTIONS
        if (RESULTS / f"{name}.json").is_file()
    }
    text, figures = page(results)
    PAGE.write_text(text, encoding="utf-8")
    FIGURES.mkdir(exist_ok=True)
    for name, figure in figures.items():
        (FIGURES / f"{name}.svg").write_text(figure, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(results)} of {len(SECTIONS)} experiments")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
