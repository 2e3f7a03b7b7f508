"""Means over a set, and the form of ``evaluation.json``."""

import json

import msgspec
import pytest

from pia_edge.evaluation.figures import explanations_of, figures_of, heading_of, table_of
from pia_edge.evaluation.report import Evaluation, Measures, Skipped, mean_of
from tests.evaluation.reports import clip_report, evaluation


def without_psnr(measures: Measures) -> Measures:
    return msgspec.structs.replace(measures, condition_psnr_db=None, drift=9.75)


def test_means() -> None:
    first, second = clip_report("a", cosine=0.9), clip_report("b", cosine=0.8, condition_image=None)
    second = msgspec.structs.replace(second, measures=without_psnr(second.measures))
    mean = mean_of([first, second])
    assert (mean.clips, mean.with_condition_image) == (2, 1)
    assert mean.measures.condition_psnr_db == 31.25
    assert mean.measures.drift == 9.25
    assert mean.alignment is not None
    assert mean.alignment.text_all_frames.cosine == pytest.approx(0.85)
    assert mean.alignment.text_all_frames.clip_score == pytest.approx(212.5)


def test_means_of_what_nobody_has() -> None:
    report = clip_report(cosine=None)
    nothing = Measures(**dict.fromkeys(Measures.__struct_fields__))
    mean = mean_of([msgspec.structs.replace(report, measures=nothing)])
    assert mean.measures == nothing
    assert mean.alignment is None


def test_clips_of_one_frame_beside_others() -> None:
    alone = clip_report()
    assert alone.alignment is not None
    short = msgspec.structs.replace(alone, alignment=msgspec.structs.replace(alone.alignment, image_other_frames=None))
    mean = mean_of([short, alone])
    assert mean.alignment is not None
    assert mean.alignment.image_other_frames == alone.alignment.image_other_frames


def test_the_form_of_the_file() -> None:
    found = evaluation(clip_report())
    content = msgspec.json.encode(found)
    assert msgspec.json.decode(content, type=Evaluation) == found
    plain = json.loads(content)
    assert list(plain) == ["format", "schema_version", "set", "backbone", "mean", "clips", "skipped", "versions"]
    assert (plain["format"], plain["schema_version"]) == ("pia-edge evaluation", 1)
    assert list(plain["clips"][0]["measures"]) == [
        *("condition_psnr_db", "hsv_l1", "affinity", "flow", "flicker", "drift", "colour_shift"),
    ]
    assert set(plain["clips"][0]["alignment"]) == {
        *("image_all_frames", "image_other_frames", "text_all_frames", "text_other_frames"),
    }


def test_figures_in_words() -> None:
    report = clip_report()
    assert figures_of(report.measures, report.alignment) == [
        ("CLIP image", "0.9000"),
        ("CLIP text", "0.9000"),
        ("Condition", "31.2 dB"),
        ("Motion", "12.50"),
        ("Affinity", "0.812"),
        ("Flow", "0.42 %"),
        ("Flicker", "2.50"),
        ("Drift", "8.75"),
        ("Colour", "1.12"),
    ]
    assert dict(figures_of(without_psnr(report.measures), None))["Condition"] == "–"


def test_the_table_is_straight() -> None:
    found = evaluation(clip_report("a.gif"), clip_report("a-very-long-name-of-a-clip-that-is-cut-here.webp"))
    lines = table_of(found)
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= 120
    assert lines[0].split() == [
        *("Clip", "CLIP", "image", "CLIP", "text", "Condition", "Motion", "Affinity", "Flow", "Flicker", "Drift"),
        "Colour",
    ]
    assert lines[2].startswith("a-very-long-nam…is-cut-here.webp")
    assert lines[3].startswith("Mean")


def test_the_heading() -> None:
    found = evaluation(clip_report("a"), clip_report("b"))
    assert heading_of(found) == (
        "Evaluation of sea",
        "2 clips. CLIP: openai/clip-vit-base-patch32 (ViT of 12 layers and width 768, patches of 32, pictures of 224 "
        "pixels)",
    )
    assert len(explanations_of(found)) == 3
    alone = msgspec.structs.replace(evaluation(clip_report(), backbone=None), skipped=(Skipped("x.gif", "No."),))
    assert heading_of(alone)[1] == "1 clip, 1 skipped. Without CLIP"
    assert not any("CLIP" in text for text in explanations_of(alone))
