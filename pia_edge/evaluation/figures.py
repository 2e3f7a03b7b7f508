"""The figures of a clip in words, for contact sheets and the terminal."""

from pia_edge.evaluation.report import Alignment, Evaluation, Measures, Score

_OF_CLIP = (
    "CLIP image: mean raw cosine of the frames other than the condition frame to the condition image. CLIP text: of "
    "all frames to the prompt. Cosines of different backbones cannot be compared."
)
_OF_FRAMES = (
    "Condition: PSNR of the condition frame against the condition image. Motion: HSV distance of the other frames from "
    "the condition frame; affinity is measured from it. Flow: mean length of the optical flow between neighbouring "
    "frames, in percent of the width.",
    "Flicker: mean second difference of three neighbouring frames. Drift: mean difference of the other frames from the "
    "condition frame. Colour: the same of mean colours. All three in 8-bit levels.",
)


def explanations_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Return what the figures mean, a paragraph each."""
    return _OF_FRAMES if evaluation.backbone is None else (_OF_CLIP, *_OF_FRAMES)


def figures_of(measures: Measures, alignment: Alignment | None) -> list[tuple[str, str]]:
    """Return pairs of name and value in the order in which they are shown; what could not be measured is a dash."""
    found = []
    if alignment is not None:
        found = [
            ("CLIP image", _cosine(alignment.image_other_frames)),
            ("CLIP text", _cosine(alignment.text_all_frames)),
        ]
    return [
        *found,
        ("Condition", _number(measures.condition_psnr_db, "{:.1f} dB")),
        ("Motion", _number(measures.hsv_l1, "{:.2f}")),
        ("Affinity", _number(measures.affinity, "{:.3f}")),
        ("Flow", _number(None if measures.flow is None else 100 * measures.flow, "{:.2f} %")),
        ("Flicker", _number(measures.flicker, "{:.2f}")),
        ("Drift", _number(measures.drift, "{:.2f}")),
        ("Colour", _number(measures.colour_shift, "{:.2f}")),
    ]


def heading_of(evaluation: Evaluation) -> tuple[str, str]:
    """Return a title, and a line that says how much was evaluated and with what."""
    clips = evaluation.mean.clips
    counted = f"{clips} clip" if clips == 1 else f"{clips} clips"
    skipped = f", {len(evaluation.skipped)} skipped" if evaluation.skipped else ""
    model = "without CLIP" if evaluation.backbone is None else f"CLIP: {evaluation.backbone.in_words()}"
    return f"Evaluation of {evaluation.set}", f"{counted}{skipped}. {model[0].upper()}{model[1:]}"


def table_of(evaluation: Evaluation) -> list[str]:
    """Return the lines of a table for the terminal: a row per clip, and the means."""
    named = [(clip.file, figures_of(clip.measures, clip.alignment)) for clip in evaluation.clips]
    named.append(("Mean", figures_of(evaluation.mean.measures, evaluation.mean.alignment)))
    names = [name for name, _ in named[0][1]]
    rows = [["Clip", *names], *([_short(file), *(value for _, value in figures)] for file, figures in named)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_aligned(row, widths)) for row in rows]


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    """Return the cells of a row, the first flush left and the numbers flush right."""
    return [
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _cosine(found: Score | None) -> str:
    return _number(None if found is None else found.cosine, "{:.4f}")


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _short(name: str) -> str:
    return name if len(name) <= 32 else f"{name[:15]}…{name[-16:]}"
