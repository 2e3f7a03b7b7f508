"""What ``pia-edge doctor --prompts`` adds: whether the prompt acts."""

from typing import TYPE_CHECKING, Any

from pia_edge.errors import PiaError

if TYPE_CHECKING:
    from pia_edge.backend import Backend
    from pia_edge.bundle import Bundle
    from pia_edge.runtimes.prompt_check import PromptCheck


def prompt_report(bundle: "Bundle", backend: "Backend", device: str) -> dict[str, Any]:
    """Return how much the prompt changes on ``device``; ``failed`` says why that is wrong, if it is."""
    from pia_edge.runtimes.prompt_check import LEAST_EFFECT, check_prompts

    try:
        found = check_prompts(bundle, backend, device)
    except PiaError as error:
        return {"failed": str(error)}
    report: dict[str, Any] = {
        "required": LEAST_EFFECT,
        "timesteps": [
            {
                "timestep": effect.timestep,
                "against_empty": [round(each, 6) for each in effect.prompts],
                "between": round(effect.between, 6),
            }
            for effect in found.effects
        ],
        "in_float32": sorted(found.retried),
    }
    return report if found.passed else report | {"failed": _why(found, LEAST_EFFECT)}


def prompt_lines(report: dict[str, Any]) -> list[str]:
    """Return ``report`` in words."""
    lines = [
        f"  {'prompt':<14} at timestep {each['timestep']}: {each['against_empty'][0]:.2%} and "
        f"{each['against_empty'][1]:.2%} against none, {each['between']:.2%} between two"
        for each in report.get("timesteps", ())
    ]
    if report.get("in_float32"):
        lines.append(
            f"  {'prompt':<14} gave NaN or infinity before it was in float32: {', '.join(report['in_float32'])}"
        )
    if "failed" in report:
        lines.append(f"  {'prompt':<14} FAILED: {report['failed']}")
    return lines


def _why(found: "PromptCheck", required: float) -> str:
    most = max(found.effects, key=lambda effect: effect.least)
    return (
        f"expected unlike prompts to change what the UNet predicts by {required:.1%} of its spread, found "
        f"{most.least:.4%} at most (timestep {most.timestep}). The text encoder or the cross-attention is dead; import "
        "or export the bundle again."
    )
