"""The gate of every export: each module, and a denoising run, on the finished files in the runtimes that read them."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format, Parity, RunParity
from pia_edge.errors import ParityError
from pia_edge.export.denoising import compare_run, drift, run_reference
from pia_edge.export.parity import Case, Difference, check, reference_cases
from pia_edge.export.precision import THRESHOLDS, Precision
from pia_edge.memory import give_back_memory
from pia_edge.modules import Module
from pia_edge.runtimes import BACKENDS, pick

_INSTALL = {
    Format.ONNX: "pip install 'pia-edge[cpu]'",
    Format.OPENVINO: "pip install openvino",
    Format.COREML: "pip install 'pia-edge[export]'",
}


def proving_backends(bundle_format: Format) -> list[Backend]:
    """Return the backends here that run bundles of this format.

    Raises:
        ParityError: there is none, so that nothing can be proven.
    """
    made: list[Backend] = [make() for make in BACKENDS.values()]
    if bundle_format is Format.COREML:
        from pia_edge.export.coreml.session import MilEvaluator

        made.append(MilEvaluator())
    found = [backend for backend in made if bundle_format in backend.formats and backend.unavailable() is None]
    if not found:
        advice = _INSTALL.get(bundle_format, "a runtime for it")
        raise ParityError(f"No runtime for {bundle_format} is installed to prove the export in. Run: {advice}")
    return found


def comparing_backend(bundle: Bundle) -> Backend:
    """Return what runs ``bundle`` here as a user would run it; for Core ML packages, what proves them.

    Raises:
        BackendError: nothing here runs it.
        ParityError: nothing here proves it.
    """
    if bundle.manifest.format is Format.COREML:
        return proving_backends(Format.COREML)[0]
    return pick(bundle).backend


def prove_module(candidate: Bundle, reference: Bundle, module: Module, backends: Sequence[Backend]) -> Parity:
    """Compare ``module`` in every backend and return the worst difference.

    Raises:
        ParityError: it is below the minimum of the candidate's precision.
    """
    minimum = THRESHOLDS[Precision(candidate.artifact(module).precision)].minimum_db
    # The reference is gone before a candidate comes: at full size each of the two takes 5 GB.
    cases = _reference_cases(candidate, reference, module)
    give_back_memory()
    worst, exact = Difference(psnr_db=float("inf"), max_abs_error=0.0), _computed_exactly(candidate)
    for backend in backends:
        worst = worst.worse(check(module, backend.load(exact, module, "CPU"), cases, minimum))
        give_back_memory()
    runtime = ", ".join(backend.name for backend in backends)
    return Parity(psnr_db=worst.psnr_db, max_abs_error=worst.max_abs_error, runtime=runtime)


def _reference_cases(candidate: Bundle, reference: Bundle, module: Module) -> list[Case]:
    session = BACKENDS["reference"]().load(reference, module, "cpu")
    return reference_cases(module, session, reference, candidate.manifest.clips)


def prove_run(candidate: Bundle, reference: Bundle, backends: Sequence[Backend]) -> RunParity:
    """Compare a denoising run in every backend and return the worst of each number.

    Raises:
        ParityError: a number is beyond what the candidate's precision allows.
    """
    precision = Precision(candidate.artifact(Module.UNET).precision)
    exact, clips = _computed_exactly(candidate), candidate.manifest.clips
    run = run_reference(reference, clip=clips[0] if clips else None)
    reports = []
    for backend in backends:
        give_back_memory()
        reports.append(compare_run(backend.load(exact, Module.UNET, "CPU"), run, backend.name))
    worst = RunParity(
        steps=reports[0].steps,
        psnr_db=min(report.psnr_db for report in reports),
        cfg_delta_ratio=max((report.cfg_delta_ratio for report in reports), key=drift),
        flicker_ratio=max((report.flicker_ratio for report in reports), key=drift),
        runtime=", ".join(report.runtime for report in reports),
    )
    if worst.psnr_db < THRESHOLDS[precision].minimum_db:
        raise ParityError(
            f"unet, {precision}, over {worst.steps} denoising steps: {worst.psnr_db:.1f} dB against the reference, "
            f"{THRESHOLDS[precision].minimum_db:.1f} dB required. Export with a higher precision."
        )
    for what, ratio in (("effect of the prompt", worst.cfg_delta_ratio), ("flicker", worst.flicker_ratio)):
        if drift(ratio) > THRESHOLDS[precision].largest_drift:
            raise ParityError(
                f"unet, {precision}: the {what} is {ratio:.3f} times the reference's, at most "
                f"{THRESHOLDS[precision].largest_drift} away from 1 is allowed. Export with a higher precision."
            )
    return worst


def _computed_exactly(candidate: Bundle) -> Bundle:
    """``candidate`` for runtimes to compute in float32, which they do for modules of fp32.

    The gate proves what is in the files. What the half precision of a device costs beside that differs from device to
    device; ``pia-edge parity`` measures it as a user meets it.
    """
    manifest = candidate.manifest
    modules = {
        module: msgspec.structs.replace(artifact, precision=Precision.FP32.value)
        for module, artifact in manifest.modules.items()
    }
    return replace(candidate, manifest=msgspec.structs.replace(manifest, modules=modules))
