"""What moving pictures are called: several phrases per motion, and the words the tokenizer should know."""

from __future__ import annotations

from enum import StrEnum

import numpy as np


class MotionKind(StrEnum):
    """The motions that clips are rendered with."""

    STILL = "still"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    PAN_UP = "pan_up"
    PAN_DOWN = "pan_down"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    TURN_CLOCKWISE = "turn_clockwise"
    TURN_ANTICLOCKWISE = "turn_anticlockwise"
    SWAY = "sway"
    RIPPLE = "ripple"
    NIGHT = "night"
    SUNRISE = "sunrise"
    SUNSET = "sunset"
    FLICKER = "flicker"
    RAIN = "rain"
    SNOW = "snow"
    MIST = "mist"


PHRASES: dict[MotionKind, tuple[str, ...]] = {
    MotionKind.STILL: ("nothing moves", "still", "a still picture", "standing still"),
    MotionKind.PAN_LEFT: ("camera pans left", "pan left", "the camera moves to the left", "moving left"),
    MotionKind.PAN_RIGHT: ("camera pans right", "pan right", "the camera moves to the right", "moving right"),
    MotionKind.PAN_UP: ("camera pans up", "pan up", "the camera moves up", "looking up"),
    MotionKind.PAN_DOWN: ("camera pans down", "pan down", "the camera moves down", "looking down"),
    MotionKind.ZOOM_IN: ("zoom in", "camera zooms in", "coming closer", "the camera moves closer"),
    MotionKind.ZOOM_OUT: ("zoom out", "camera zooms out", "moving away", "the camera moves back"),
    MotionKind.TURN_CLOCKWISE: ("rotate clockwise", "the picture turns clockwise", "camera rotates clockwise"),
    MotionKind.TURN_ANTICLOCKWISE: (
        "rotate anticlockwise", "the picture turns anticlockwise", "camera rotates counterclockwise",
    ),
    MotionKind.SWAY: ("swaying in the wind", "the wind blows", "moving in the wind", "a strong wind"),
    MotionKind.RIPPLE: ("ripples and waves", "the water moves", "waves roll", "rippling water"),
    MotionKind.NIGHT: ("night falls", "it gets dark", "the light fades", "turning to night"),
    MotionKind.SUNRISE: ("the sun rises", "it gets brighter", "the light grows", "day breaks"),
    MotionKind.SUNSET: ("the sun sets", "warm evening light", "sunset colours", "turning orange at sunset"),
    MotionKind.FLICKER: ("the light flickers", "flickering light", "fire flickers", "lightning and flickering light"),
    MotionKind.RAIN: ("it rains", "rain falls", "heavy rain", "raining"),
    MotionKind.SNOW: ("it snows", "snow falls", "snowflakes fall", "snowing"),
    MotionKind.MIST: ("mist comes in", "fog rolls in", "drifting fog", "it gets foggy"),
}  # fmt: skip

# Everyday words for prompts beyond the rendered captions; the tokenizer's merges are learned on them.
WORDS = """
about above across after again air all along also always an and animal any are around as at away baby back bad ball
band bar base bath be beach bear beard beautiful bed before behind below best better between big bird black blow blue
boat body book both box boy branch break bridge bright bring brown brush building burn bus but butterfly by car castle
cat chair change child church circle city clean clear clock close cloth cloud clouds coat cold colour color come cook
cool corner country cow crowd cup cut dance dancing dark day deep desert desk different dinner do dog door down dragon
draw dream dress drink drive drop dry during each ear early earth east eat eating edge eight empty end evening every eye
eyes face fall falling family far farm fast father feather field fight film fire fireworks first fish five flag flame
flower flowers fly flying fog food foot for forest forward four fox frame friend frog from front fruit full funny
garden gently girl give glass glow glowing go gold golden good grass gray great green grey ground group grow guitar
hair hand hands happy hat have he head heart heavy her here high hill hills his hold holding home horse hot hour house
how hug ice in inside into is island it its jacket jump jumping keep kind king kiss kitchen lake lamp land large last
late laughing leaf leaves left leg leopard light lighthouse lightning like line lion little live long look looking low
machine magic make man many map market mask middle milk mist moon more morning most mother motion mountain mountains
mouth move moves moving music must near neck new next nice night no noise north nose not now ocean of off old on one
open or orange other our out over paint painting paper park part party past people person photo photograph piano
picture pink place plane planet plant play playing portrait puppy purple queen quick quiet rabbit rain rainbow raining
red rest right ring river road robot rock rocket roll roof room rose run running sad sail sand scene school sea season
see shadow she sheep ship shirt shoe shore short shot show side sign silver sing singing sit sitting sky sleep sleeping
slow slowly small smile smiling smoke smooth snow snowing so soft some song south space speak spin spring square stage
stand standing star stars statue steam still stone stop storm story stream street strong style summer sun sunlight
sunny sunrise sunset surface sweet swim swimming table tail take talk tall tea ten that the their them then there they
thin thing this three tiger time to together top tower town toy track train travel tree trees truck turn turning
two umbrella under up very video view village violin voice walk walking wall warm wash watch water waterfall wave waves
waving way wear wearing weather well west wet wheel when where white who wide wild wind window windy wine wing wings
winter wish with wolf woman women wood wooden word work world yard year yellow young your zoom
angry anime art blurry cartoon cinematic colorful cute detailed drawing fantasy high quality illustration masterpiece
realistic render sketch watercolor watercolour
"""


def motion_phrase(generator: np.random.Generator, kind: MotionKind) -> str:
    """Return one of the phrases for ``kind``."""
    return str(generator.choice(PHRASES[kind]))


def clip_caption(generator: np.random.Generator, caption: str, kind: MotionKind) -> str:
    """Return the caption of a clip: what is seen, then how it moves; sometimes only one of the two."""
    phrase = motion_phrase(generator, kind)
    draw = generator.random()
    if draw < 0.15:
        return phrase
    if draw < 0.25:
        return f"{phrase}, {caption}"
    return f"{caption}, {phrase}"


def tokenizer_corpus(captions: list[str]) -> list[str]:
    """Return the texts that the tokenizer is trained on."""
    phrases = [phrase for several in PHRASES.values() for phrase in several]
    return captions + phrases * 40 + WORDS.split() * 20
