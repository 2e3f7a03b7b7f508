"""The folder that an evaluation is written to."""

import re
from pathlib import Path

import msgspec

from pia_edge.evaluation.contact_sheet import draw_sheets
from pia_edge.evaluation.evaluating import Evaluated
from pia_edge.files import check_folder_target, write_folder_atomically

EVALUATION = "evaluation.json"
_OURS = re.compile(r"evaluation\.json|contact-sheet(-\d+)?\.png")


def check_output(folder: Path, *, overwrite: bool) -> None:
    """Check, before any work is done, that an evaluation may be written to ``folder``.

    Raises:
        OutputError: it holds an evaluation and ``overwrite`` is false, holds other files, or the disk refuses.
    """
    check_folder_target(folder, overwrite=overwrite, replaceable=_is_ours)


def write_evaluation(folder: Path, evaluated: Evaluated, *, overwrite: bool) -> Path:
    """Write ``evaluation.json`` and the contact sheets into ``folder``, all of it or nothing; return the folder.

    The sheet is ``contact-sheet.png``; of several the next are ``contact-sheet-2.png`` and so on.

    Raises:
        OutputError: as `check_output`.
    """

    def write(hidden: Path) -> None:
        content = msgspec.json.format(msgspec.json.encode(evaluated.evaluation), indent=1)
        (hidden / EVALUATION).write_bytes(content + b"\n")
        for number, sheet in enumerate(draw_sheets(evaluated.evaluation, evaluated.rows), start=1):
            sheet.save(hidden / ("contact-sheet.png" if number == 1 else f"contact-sheet-{number}.png"), "PNG")

    write_folder_atomically(folder, write, overwrite=overwrite, replaceable=_is_ours)
    return folder


def _is_ours(name: str) -> bool:
    return _OURS.fullmatch(name) is not None
