"""Questions about this machine: what runs bundles here, and whether it computes what it should."""

from typing import TYPE_CHECKING, Any

from pia_edge.errors import BackendError
from pia_edge.progress import Pace, Stage
from pia_edge.worker.model_questions import BackendState, BackendTried, DevicesListed, ListDevices, TryBackend

if TYPE_CHECKING:
    from pia_edge.bundle import Bundle
    from pia_edge.worker.answering import Listener


def list_devices(question: ListDevices) -> DevicesListed:
    """Return the backends for a bundle.

    Raises:
        BundleError: there is no such bundle, or its manifest is damaged.
    """
    from pia_edge.runtimes.survey import survey, taken

    states = survey(_by_manifest(question.bundle))
    backends = tuple(BackendState(state.backend, state.devices, state.refused) for state in states)
    return DevicesListed(backends, taken(states))


def try_backend(question: TryBackend, listener: "Listener") -> BackendTried:
    """Try every device of a backend.

    Raises:
        BackendError: there is no such backend, it cannot run the bundle, or nothing here can be compared with.
        BundleError: there is no such bundle, or it is damaged.
        Cancelled: the listener asked to stop.
    """
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.machine import machine, machine_lines
    from pia_edge.runtimes import pick
    from pia_edge.runtimes.self_test import expected_calls, processor_for
    from pia_edge.runtimes.self_test_report import bundle_line, expectation, module_line, module_rows

    opened = Bundle.open(find_bundle(question.bundle), cancel=listener.token)
    if question.backend == "auto":
        raise BackendError("Expected the name of one backend, found 'auto'. Choose one.")
    backend = pick(opened, question.backend).backend
    processor, device = processor_for(opened, question.backend)
    calls = expected_calls(opened, processor, device)
    devices = backend.devices()
    pace = Pace(Stage.PROVE, len(devices) * len(calls), listener.on_step)
    lines = [*machine_lines(machine()), bundle_line(opened), "", expectation(question.backend, processor, device)]
    rows: list[dict[str, Any]] = []
    for each in devices:
        listener.token.check()
        lines.append(f"{backend.name} on {each}")
        for row in module_rows(opened, backend, each, calls):
            listener.token.check()
            rows.append(row)
            lines.append(module_line(row))
            pace.report(len(rows))
    passed = not any("failed" in row for row in rows)
    lines += ["", "all that was tried is as it should be" if passed else "something failed"]
    return BackendTried(passed, "\n".join(lines))


def _by_manifest(bundle: str | None) -> "Bundle":
    """The bundle for what only its manifest decides: hashing gigabytes would keep the answer waiting."""
    from pia_edge.bundle import Bundle, read_manifest
    from pia_edge.bundle.find import find_bundle

    folder = find_bundle(bundle)
    manifest, sha256 = read_manifest(folder)
    return Bundle(path=folder, manifest=manifest, sha256=sha256)
