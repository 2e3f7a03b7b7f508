"""One process of benchmarks/peers.py: runs one network in one way, each time that it is told to."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def main() -> int:
    """Answer every line of stdin with one of JSON."""
    what, told = sys.argv[1], json.loads(sys.argv[2])
    from peers import CASES

    case = CASES[told["network"]]
    answer = Step(told, case) if what == "step" else Whole(told, case)
    for _ in sys.stdin:
        print(json.dumps(answer()), flush=True)
    return 0


def example_step(bundle: Any, case: Any) -> dict[str, Any]:
    """Return the inputs of one guided step of the UNet."""
    from pia_edge.export.parity import example_inputs
    from pia_edge.modules import Module

    side = case.size // bundle.manifest.vae.downscale
    return example_inputs(bundle, Module.UNET, frames=case.frames, height=side, width=side, seed=0)


class Step:
    """Runs the UNet once."""

    def __init__(self, told: dict[str, Any], case: Any) -> None:
        from pia_edge.bundle import Bundle

        folder = Path(told["folder"])
        bundle = Bundle.open(folder / told["bundle"])
        inputs = example_step(Bundle.open(folder / f"{told['network']}-reference"), case)
        self._run = (
            _diffusers_step(bundle, told, inputs) if told["backend"] == "diffusers" else _our_step(bundle, told, inputs)
        )

    def __call__(self) -> dict[str, float]:
        """Return its seconds."""
        started = time.perf_counter()
        self._run()
        return {"seconds": time.perf_counter() - started}


def _our_step(bundle: Any, told: dict[str, Any], inputs: dict[str, Any]) -> Callable[[], object]:
    from pia_edge.modules import Module
    from pia_edge.runtimes import BACKENDS

    session = BACKENDS[told["backend"]]().load(bundle, Module.UNET)
    if not told["apart"]:
        return lambda: session.infer(**inputs)
    texts = [inputs["encoder_hidden_states"][row : row + 1] for row in range(2)]
    one = {**inputs, "latents": inputs["latents"][:1]}
    return lambda: [session.infer(**{**one, "encoder_hidden_states": text}) for text in texts]


def _diffusers_step(bundle: Any, told: dict[str, Any], inputs: dict[str, Any]) -> Callable[[], object]:
    import torch
    from diffusers_peer import motion_unet

    dtype = getattr(torch, told["dtype"])
    unet = motion_unet(bundle, dtype)
    latents = torch.from_numpy(inputs["latents"])
    batch, _, frames, height, width = latents.shape
    # Their network takes noise, affinity and picture as nine channels, and the text once per frame.
    given = torch.cat([latents, torch.randn(batch, 5, frames, height, width)], dim=1).to(dtype)
    text = torch.from_numpy(inputs["encoder_hidden_states"]).repeat_interleave(frames, dim=0).to(dtype)
    timestep = torch.from_numpy(inputs["timestep"])

    def run() -> None:
        with torch.inference_mode():
            unet(given, timestep, text)

    return run


class Whole:
    """Makes a clip, from the start of the process."""

    def __init__(self, told: dict[str, Any], case: Any) -> None:
        self._told, self._case = told, case

    def __call__(self) -> dict[str, float]:
        """Return seconds since the start of the process, and bytes."""
        make = _diffusers_clip if self._told["backend"] == "diffusers" else _our_clip
        imported, first = make(self._told, self._case)
        from pia_edge.memory import peak_memory

        started = self._told["started"]
        whole = time.time() - started
        return {
            "import": imported - started,
            "first_frame": first - started,
            "whole": whole,
            "peak": peak_memory() or 0,
        }


def _our_clip(told: dict[str, Any], case: Any) -> tuple[float, float]:
    from peers import EXAMPLE

    from pia_edge import AnimationPipeline, AnimationRequest, Progress, read_picture
    from pia_edge.progress import Stage

    imported = time.time()
    first: list[float] = []

    def on_step(progress: Progress) -> None:
        if progress.stage is Stage.DECODE and progress.done == 1:
            first.append(time.time())

    pipeline = AnimationPipeline.open(Path(told["folder"]) / told["bundle"], told["backend"])
    request = AnimationRequest(
        prompt="a boat",
        seed=1,
        num_frames=case.frames,
        size=(case.size, case.size),
        num_inference_steps=case.steps,
        guidance_scale=7.5,
    )
    picture = read_picture(EXAMPLE)
    plan = pipeline.plan(picture, request, told.get("max_memory"))
    pipeline.animate(picture, request, plan=plan, on_step=on_step)
    return imported, first[0]


def _diffusers_clip(told: dict[str, Any], case: Any) -> tuple[float, float]:
    import torch
    from diffusers_peer import pipeline
    from peers import EXAMPLE
    from PIL import Image

    from pia_edge.bundle import Bundle

    imported = time.time()
    bundle = Bundle.open(Path(told["folder"]) / told["bundle"])
    theirs = pipeline(bundle, getattr(torch, told["dtype"]))
    theirs.set_progress_bar_config(disable=True)
    picture = Image.open(EXAMPLE).convert("RGB").resize((case.size, case.size))
    first: list[float] = []
    decode = theirs.vae.decode

    def decoding(*arguments: Any, **named: Any) -> Any:
        result = decode(*arguments, **named)
        first.append(time.time())
        return result

    theirs.vae.decode = decoding
    theirs(
        image=picture,
        prompt="a boat",
        num_frames=case.frames,
        height=case.size,
        width=case.size,
        num_inference_steps=case.steps,
        guidance_scale=7.5,
        generator=torch.Generator().manual_seed(1),
    )
    return imported, first[0]


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    np.seterr(all="ignore")
    sys.exit(main())
