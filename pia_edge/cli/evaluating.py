"""``pia-edge evaluate``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pia_edge.cli.results import print_json
from pia_edge.cli.terminal import print_note, run_with_progress
from pia_edge.extras import check_installed

if TYPE_CHECKING:
    from pia_edge.cancel import CancelToken
    from pia_edge.evaluation.evaluating import Evaluated
    from pia_edge.evaluation.report import Skipped
    from pia_edge.progress import OnStep

_PATH = click.Path(path_type=Path)


@click.command(
    epilog="""\b
Examples:
  pia-edge evaluate --set clips/ -o figures/
  pia-edge evaluate --set clips/ --clip clip-vit-base-patch32/ -o figures/ --json
"""
)
@click.option("--set", "folder", type=_PATH, required=True, help="Folder of clips; a set.json lists foreign ones.")
@click.option("--clip", type=_PATH, help="Folder of a CLIP as transformers writes it; without, no CLIP scores.")
@click.option("-o", "--output", type=_PATH, required=True, help="Folder for evaluation.json and contact sheets.")
@click.option("--overwrite", is_flag=True, help="Replace an existing evaluation.")
@click.option("--json", "as_json", is_flag=True, help="Print evaluation.json on stdout; no progress.")
def evaluate(folder: Path, clip: Path | None, output: Path, overwrite: bool, as_json: bool) -> None:
    """Measure how clips keep to picture and prompt, and how they move, in the manner of AnimateBench.

    Clips of pia-edge have their prompts in them; the picture is taken if it lies beside them. docs/evaluation.md
    defines every figure.
    """
    if clip is not None:
        check_installed("Measuring with CLIP", ("torch", "transformers", "safetensors"))
    from pia_edge.evaluation.figures import heading_of, table_of
    from pia_edge.evaluation.writing import check_output, write_evaluation

    check_output(output, overwrite=overwrite)
    found = _run(folder, clip, quiet=as_json)
    write_evaluation(output, found, overwrite=overwrite)
    if as_json:
        print_json(found.evaluation)
        return
    click.echo(heading_of(found.evaluation)[1])
    for line in ("", *table_of(found.evaluation), "", str(output)):
        click.echo(line)


def _run(folder: Path, clip: Path | None, *, quiet: bool) -> "Evaluated":
    from pia_edge.evaluation.evaluating import evaluate as evaluate_set

    def tell(which: "Skipped") -> None:
        if not quiet:
            print_note(f"{which.file} is skipped: {which.reason}")

    def work(token: "CancelToken", on_step: "OnStep | None") -> "Evaluated":
        if clip is None:
            return evaluate_set(folder, None, on_skip=tell, on_step=on_step, cancel=token)
        from pia_edge.evaluation.backbone import open_clip

        return evaluate_set(folder, open_clip(clip), on_skip=tell, on_step=on_step, cancel=token)

    return run_with_progress(work, quiet=quiet)
