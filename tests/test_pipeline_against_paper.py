"""The pipeline's parts, as it calls them, against the numbers of the paper's own code."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pia_edge import AnimationPipeline, Level, Motion
from pia_edge.affinity import affinity_curve
from pia_edge.backend import Array
from pia_edge.bundle import Bundle
from pia_edge.cancel import CancelToken
from pia_edge.decoding import Decoder
from pia_edge.modules import Module
from pia_edge.schedulers import guide, open_walk
from tests import reference


@pytest.fixture(scope="module")
def papers_pipeline(papers: Bundle) -> AnimationPipeline:
    return AnimationPipeline.open(papers, "reference")


@pytest.fixture(scope="module")
def numbers() -> dict[str, NDArray[Any]]:
    return reference.arrays("pipeline")


def infer(pipeline: AnimationPipeline, module: Module, **inputs: Array) -> tuple[Array, ...]:
    return pipeline.backend.load(pipeline.bundle, module).infer(**inputs)


def test_prompts_are_encoded_as_by_the_papers_code(
    papers_pipeline: AnimationPipeline, numbers: dict[str, NDArray[Any]]
) -> None:
    ids = np.stack([papers_pipeline.tokens(prompt).ids for prompt in ("ugly", "a cat walks")])
    (states,) = infer(papers_pipeline, Module.TEXT_ENCODER, input_ids=ids)
    assert reference.relative_error(states, numbers["text_embeddings"]) < 2e-5


def test_every_denoising_step_is_that_of_the_papers_code(
    papers_pipeline: AnimationPipeline, numbers: dict[str, NDArray[Any]]
) -> None:
    walk = open_walk(papers_pipeline.bundle.manifest.scheduler, 4, np.random.default_rng(0))
    assert walk.timesteps.tolist() == numbers["timesteps"].tolist()
    # The reference holds the image latents once per frame and half of the batch, all of them equal.
    image_latents = numbers["masked_image"].reshape(-1, 4, 6, 8, 9)[0, :, 0][None].copy()
    appearance, gain = infer(papers_pipeline, Module.CONDITION, image_latents=image_latents)
    affinity = affinity_curve(Motion(level=Level.MEDIUM, original_rows=True), 6, 0)
    unet = papers_pipeline.backend.load(papers_pipeline.bundle, Module.UNET)
    latents = numbers["init_latents"]
    for step, timestep in enumerate(walk.timesteps):
        (noise_pred,) = unet.infer(
            latents=np.repeat(latents, 2, axis=0),
            timestep=np.array([timestep], dtype=np.int64),
            encoder_hidden_states=numbers["text_embeddings"],
            affinity=affinity[None],
            appearance=appearance,
            gain=gain,
        )
        assert reference.relative_error(noise_pred, numbers["noise_pred"][step]) < 2e-5
        stepped = walk.step(step, guide(noise_pred, 7.5), latents).latents
        expected = numbers["latents"][step].reshape(stepped.shape)
        assert reference.relative_error(stepped, expected) < 2e-5
        latents = expected


def test_affinity_of_medium_motion_is_the_papers_mask(numbers: dict[str, NDArray[Any]]) -> None:
    mask = numbers["mask"].reshape(-1, 6, *numbers["mask"].shape[-2:])[0, :, 0, 0]
    assert np.array_equal(affinity_curve(Motion(level=Level.MEDIUM), 6, 0), mask.astype(np.float32))


def test_last_latents_decode_to_the_papers_video(
    papers_pipeline: AnimationPipeline, numbers: dict[str, NDArray[Any]]
) -> None:
    latents = numbers["latents"][-1].reshape(1, 4, 6, 8, 9)
    expected = numbers["video"][0].transpose(1, 2, 3, 0)
    decoder = papers_pipeline.backend.load(papers_pipeline.bundle, Module.VAE_DECODER)
    for index in range(6):
        (image,) = decoder.infer(latents=np.ascontiguousarray(latents[:, :, index]) / np.float32(0.18215))
        unit = np.clip(image[0].transpose(1, 2, 0) / 2 + 0.5, 0, 1)
        assert np.abs(unit - expected[index]).max() < 1e-4
    frames = np.stack(list(papers_pipeline._decode(latents, Decoder.FULL, None, CancelToken())))
    assert frames.shape == (6, 64, 72, 3)
    assert np.abs(frames.astype(float) - np.rint(expected * 255)).max() <= 1
