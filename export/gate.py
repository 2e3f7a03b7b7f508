"""The gate of every export: each module, and a denoising run, on the finished files in the runtime they are for.

The runtime computes in float32: the gate proves what is in the files. What the half precision of a device costs beside
that differs from device to device; ``pia-edge parity`` measures it as a user meets it.
"""

from pia_edge.backend import Backend
from pia_edge.bundle import Bundle
from pia_edge.bundle.manifest import Format, Parity, RunParity
from pia_edge.errors import ParityError
from pia_edge.export.denoising import compare_run, drift, run_reference
from pia_edge.export.parity import Case, check, reference_cases
from pia_edge.export.precision import THRESHOLDS, Precision
from pia_edge.memory import give_back_memory
from pia_edge.modules import Module
from pia_edge.runtimes import BACKENDS, pick

_RUNTIMES = {Format.ONNX: ("cpu", "intel"), Format.OPENVINO: ("intel",), Format.TORCH: ("reference",)}
"""What proves a format, the first that is here: ONNX Runtime, unless it is not installed, and so on."""
_INSTALL = {Format.ONNX: "pip install 'pia-edge[cpu]'", Format.COREML: "pip install 'pia-edge[export]'"}


def proving_backend(bundle_format: Format) -> Backend:
    """Return the backend that bundles of this format are proven in.

    Raises:
        ParityError: there is none here, so that nothing can be proven.
    """
    found: list[Backend] = [BACKENDS[name]() for name in _RUNTIMES.get(bundle_format, ()) if name in BACKENDS]
    if bundle_format is Format.COREML:
        from pia_edge.export.coreml.session import MilEvaluator

        found = [MilEvaluator()]
    for backend in found:
        if backend.unavailable() is None:
            return backend
    advice = _INSTALL.get(bundle_format, "pip install openvino")
    raise ParityError(f"No runtime for {bundle_format} is installed to prove the export in. Run: {advice}")


def comparing_backend(bundle: Bundle) -> Backend:
    """Return what runs ``bundle`` here as a user would run it; for Core ML packages, what proves them.

    Raises:
        BackendError: nothing here runs it.
        ParityError: nothing here proves it.
    """
    if bundle.manifest.format is Format.COREML:
        return proving_backend(Format.COREML)
    return pick(bundle).backend


def prove_module(candidate: Bundle, reference: Bundle, module: Module, backend: Backend) -> Parity:
    """Compare ``module`` in ``backend`` with the reference.

    Raises:
        ParityError: it is below the minimum of the candidate's precision.
    """
    minimum = THRESHOLDS[Precision(candidate.artifact(module).precision)].minimum_db
    # The reference is gone before the candidate comes: at full size each of the two takes 5 GB.
    cases = _reference_cases(candidate, reference, module)
    give_back_memory()
    found = check(module, backend.load(candidate, module, "CPU", exact=True), cases, minimum)
    give_back_memory()
    return Parity(psnr_db=found.psnr_db, max_abs_error=found.max_abs_error, runtime=backend.name)


def _reference_cases(candidate: Bundle, reference: Bundle, module: Module) -> list[Case]:
    session = BACKENDS["reference"]().load(reference, module, "cpu")
    manifest = candidate.manifest
    return reference_cases(module, session, reference, manifest.clips, second_picture=manifest.takes_second_picture)


def prove_run(candidate: Bundle, reference: Bundle, backend: Backend) -> RunParity:
    """Compare a denoising run in ``backend`` with the reference's.

    Raises:
        ParityError: a number is beyond what the candidate's precision allows.
    """
    precision = Precision(candidate.artifact(Module.UNET).precision)
    clips = candidate.manifest.clips
    run = run_reference(reference, clip=clips[0] if clips else None)
    give_back_memory()
    found = compare_run(backend.load(candidate, Module.UNET, "CPU", exact=True), run, backend.name)
    if found.psnr_db < THRESHOLDS[precision].run_db:
        raise ParityError(
            f"unet, {precision}, over {found.steps} denoising steps: {found.psnr_db:.1f} dB against the reference, "
            f"{THRESHOLDS[precision].run_db:.1f} dB required. Export with a higher precision."
        )
    for what, ratio in (("effect of the prompt", found.cfg_delta_ratio), ("flicker", found.flicker_ratio)):
        if drift(ratio) > THRESHOLDS[precision].largest_drift:
            raise ParityError(
                f"unet, {precision}: the {what} is {ratio:.3f} times the reference's, at most "
                f"{THRESHOLDS[precision].largest_drift} away from 1 is allowed. Export with a higher precision."
            )
    return found
