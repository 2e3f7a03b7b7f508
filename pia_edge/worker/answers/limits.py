"""Questions about what a bundle accepts."""

from pia_edge.modules import Module
from pia_edge.request import SchedulerName
from pia_edge.worker.picture_questions import FindLimits, LimitsFound


def find_limits(question: FindLimits) -> LimitsFound:
    """Return what a bundle accepts and chooses, as its manifest says.

    Raises:
        BundleError: there is no such bundle, or its manifest is damaged.
    """
    from pia_edge.bundle.find import find_bundle
    from pia_edge.bundle.opening import read_manifest

    manifest, _ = read_manifest(find_bundle(question.bundle))
    return LimitsFound(
        name=manifest.name,
        sizes=manifest.sizes,
        frames=manifest.frames,
        clips=manifest.clips,
        second_picture=manifest.takes_second_picture,
        tiny_decoder=Module.TINY_DECODER in manifest.modules,
        scheduler=SchedulerName(manifest.scheduler.name),
        num_inference_steps=manifest.defaults.num_inference_steps,
        guidance_scale=manifest.defaults.guidance_scale,
        negative_prompt=manifest.defaults.negative_prompt,
    )
