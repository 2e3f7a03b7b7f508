"""What a request accepts, and how it refuses the rest."""

import math

import msgspec
import numpy as np
import pytest

from pia_edge.errors import RequestError
from pia_edge.request import (
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    AnimationRequest,
    Fit,
    Level,
    Motion,
    check_frames,
    draw_seed,
)


def request(**settings: object) -> AnimationRequest:
    """A request from untyped settings, as a caller without a type checker makes it."""
    return AnimationRequest(**{"prompt": "a cat walks", **settings})  # type: ignore[arg-type]


def motion(**settings: object) -> Motion:
    return Motion(**settings)  # type: ignore[arg-type]


def test_only_the_prompt_is_needed() -> None:
    plain = AnimationRequest(prompt="")
    assert plain.motion == Motion(level=Level.MEDIUM)
    assert (plain.num_frames, plain.size, plain.seed, plain.guidance_scale) == (None, None, None, None)
    assert plain.num_inference_steps is None
    assert plain.fps == 8


def test_values_are_frozen_and_comparable() -> None:
    first, second = request(seed=3), request(seed=3)
    assert first == second
    assert hash(first) == hash(second)
    with pytest.raises(AttributeError):
        first.seed = 4  # type: ignore[misc]


def test_plain_values_become_the_declared_types() -> None:
    made = request(motion=motion(level="large", curve=None), fit="crop", size=[512, 384], seed=np.int64(5), fps=12)
    assert made.motion.level is Level.LARGE
    assert made.fit is Fit.CROP
    assert made.size == (512, 384)
    assert type(made.seed) is int
    assert type(made.fps) is float
    curve = motion(curve=np.array([1.0, 0.5], dtype=np.float32)).curve
    assert curve == (1.0, 0.5)
    assert all(type(value) is float for value in curve)


@pytest.mark.parametrize("seed", [0, 2**31, 2**32, 2**53 + 1, MAX_SEED])
def test_seeds_survive_a_recipe(seed: int) -> None:
    made = request(seed=seed, motion=Motion(loop=True), prompt="日本語 🙂 \u202e", size=(512, 384), num_frames=16)
    assert made.seed == seed
    assert msgspec.json.decode(msgspec.json.encode(made), type=AnimationRequest) == made


@pytest.mark.parametrize("seed", [-1, 2**63, True, 1e3, 7.0, "7", "abc", b"7", np.True_, [1]])
def test_other_seeds_are_refused(seed: object) -> None:
    with pytest.raises(RequestError, match="seed: expected a whole number from 0 to 9223372036854775807, found"):
        request(seed=seed)


def test_a_seed_too_long_to_print_is_refused() -> None:
    with pytest.raises(RequestError, match="found a number of thousands of digits"):
        request(seed=10**5000)


def test_drawn_seeds_are_seeds_and_differ() -> None:
    drawn = {draw_seed() for _ in range(50)}
    assert len(drawn) > 40
    assert all(request(seed=seed).seed == seed for seed in drawn)


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MAX_PROMPT_CHARACTERS + 1), "at most 8192 characters, found 8193"),
        ("a" * 1_000_000, "found 1000000"),
        ("ab\ud83d", "half of a surrogate pair at character 3"),
        ("\udc00", "half of a surrogate pair at character 1"),
        ("a\0b", "NUL character at character 2"),
        (b"cat", "expected text"),
        (7, "expected text"),
    ],
)
def test_unusable_prompts_are_refused(field: str, text: object, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        request(**{field: text})


@pytest.mark.parametrize(
    "text", ["", "   ", "a" * 8192, "line\r\nline", "👩‍👩‍👧", "שלום", "<|endoftext|>", "../CON", "<b>", "Z͖̈"]
)
def test_odd_prompts_are_kept_as_they_are(text: str) -> None:
    assert request(prompt=text, negative_prompt=text).prompt == text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"num_frames": 0}, "num_frames"),
        ({"num_frames": 1025}, "num_frames"),
        ({"num_frames": 16.0}, "num_frames"),
        ({"size": (512,)}, "size"),
        ({"size": (512, 500)}, "multiples of 8"),
        ({"size": (0, 512)}, "width"),
        ({"size": (512, 8192)}, "height"),
        ({"size": "512x512"}, "size"),
        ({"fit": "stretch"}, "fit: expected one of original, crop, pad"),
        ({"condition_frame": -1}, "condition_frame"),
        ({"condition_frame": None}, "condition_frame"),
        ({"condition_frame": 16, "num_frames": 16}, "0 to 15, found 16"),
        ({"num_inference_steps": 0}, "num_inference_steps"),
        ({"num_inference_steps": 1001}, "num_inference_steps"),
        ({"guidance_scale": -0.1}, "guidance_scale"),
        ({"guidance_scale": math.nan}, "guidance_scale"),
        ({"guidance_scale": math.inf}, "guidance_scale"),
        ({"guidance_scale": "7"}, "guidance_scale"),
        ({"guidance_interval": (0.7, 0.3)}, "the smaller one first"),
        ({"guidance_interval": (0, 1.5)}, "guidance_interval"),
        ({"guidance_interval": 0.5}, "guidance_interval: expected two numbers"),
        ({"fps": 0}, "fps"),
        ({"fps": True}, "fps"),
        ({"fps": None}, "fps"),
        ({"fps": 10**400}, "fps"),
        ({"motion": "large"}, "motion: expected a Motion"),
        ({"motion": Motion(curve=(1, 0.5)), "num_frames": 16}, "one affinity per frame, 16, found 2"),
    ],
)
def test_settings_outside_their_range_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        request(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"level": "huge"}, "expected one of small, medium, large, found 'huge'"),
        ({"level": None}, "expected one of"),
        ({"loop": 1}, "true or false"),
        ({"loop": True, "style_transfer": True}, "either a loop or a style transfer"),
        ({"curve": (1, 1), "linear": (1, 0)}, "either a curve or a linear range"),
        ({"curve": (1, 1), "loop": True}, "loop would have no effect"),
        ({"linear": (1, 1), "style_transfer": True}, "style_transfer would have no effect"),
        ({"linear": (1, 1), "level": Level.LARGE, "original_rows": True}, "level, original_rows"),
        ({"curve": ()}, "found 0 values"),
        ({"curve": (1, 1.01)}, r"curve\[1\]"),
        ({"curve": (math.nan,)}, r"curve\[0\]"),
        ({"curve": (-0.001,)}, r"curve\[0\]"),
        ({"curve": ("1",)}, r"curve\[0\]"),
        ({"curve": "1"}, "expected affinities"),
        ({"curve": 0.5}, "expected affinities"),
        ({"linear": (1,)}, "expected 2 affinities from 0 to 1, found 1"),
        ({"linear": (1, 0.5, 0)}, "expected 2 affinities from 0 to 1, found 3"),
        ({"linear": (1, math.inf)}, r"motion\[1\]"),
    ],
)
def test_motions_that_contradict_themselves_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        motion(**settings)


def test_changed_and_read_requests_are_validated_too() -> None:
    with pytest.raises(RequestError, match="seed"):
        msgspec.structs.replace(request(), seed=-1)
    with pytest.raises(RequestError, match="linear"):
        msgspec.json.decode(b'{"prompt": "a", "motion": {"linear": [1, 2]}}', type=AnimationRequest)
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(b'{"prompt": "a", "sede": 1}', type=AnimationRequest)


def test_frames_are_checked_once_their_number_is_known() -> None:
    undecided = request(motion=Motion(curve=(1, 0.5)), condition_frame=1)
    check_frames(undecided.motion, 2, undecided.condition_frame)
    with pytest.raises(RequestError, match="ask for 2 frames"):
        check_frames(undecided.motion, 16, undecided.condition_frame)
    with pytest.raises(RequestError, match="0 to 0, found 1"):
        check_frames(Motion(), 1, undecided.condition_frame)
