"""What is said of a picture."""

from pathlib import Path

from pia_edge.gui.model.picture_notes import changes, described
from pia_edge.worker.picture_questions import PictureViewed


def viewed(*notes: str) -> PictureViewed:
    return PictureViewed(
        pixels=b"",
        shown_size=(8, 8),
        size=(8, 8),
        source_size=(30, 20),
        inner_box=(0, 0, 8, 8),
        num_frames=16,
        notes=notes,
    )


def test_the_notes_become_a_sentence() -> None:
    assert changes(viewed()) == "Animated as it is."
    notes = ("turned upright (EXIF orientation 6)", "scaled from 30x20 to 8x8")
    assert (
        changes(viewed(*notes)).replace("\u00a0", " ")
        == "Turned upright (EXIF orientation 6); scaled from 30 × 20 to 8 × 8."
    )


def test_names_are_shortened_and_always_text() -> None:
    assert described(Path("/a/boat.png"), viewed()).replace("\u00a0", " ") == "boat.png, 30 × 20 pixels"
    assert len(described(Path("x" * 200 + ".png"), viewed())) < 65
    assert described(Path("\udcff.png"), viewed()).startswith("\\udcff.png")
