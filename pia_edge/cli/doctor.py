"""``pia-edge doctor``."""

import math
from typing import TYPE_CHECKING, Any

import click

from pia_edge.cli.machine import machine, print_machine
from pia_edge.cli.prompts import prompt_lines, prompt_report
from pia_edge.cli.results import print_json
from pia_edge.errors import BackendError, PiaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pia_edge.backend import Backend
    from pia_edge.bundle import Bundle
    from pia_edge.runtimes.self_test import Call, Tested


@click.command(epilog="The report holds no names of files and nothing that you asked for: paste it into an issue.")
@click.option("--bundle", metavar="NAME_OR_FOLDER", help="What to run; the sample if not given.")
@click.option("--backend", "only", help="Only this one, from: pia-edge devices.")
@click.option("--device", help="Only this device of the backend.")
@click.option("--prompts", is_flag=True, help="Also whether the prompt acts, which needs nothing to compare with.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on stdout.")
def doctor(bundle: str | None, only: str | None, device: str | None, prompts: bool, as_json: bool) -> int:
    """Try every backend and device that is here, and say whether each computes what the processor does.

    The exit code is 5 if one of them does not.
    """
    from pia_edge.bundle import Bundle
    from pia_edge.bundle.find import find_bundle
    from pia_edge.runtimes import BACKENDS, refusals

    if only is not None and only not in BACKENDS:
        raise BackendError(f"Expected a backend out of {', '.join(BACKENDS)}; found {only!a}.")
    opened = Bundle.open(find_bundle(bundle))
    refused = refusals(opened)
    report: dict[str, Any] = {"machine": machine(), "bundle": _described(opened), "backends": []}
    if not as_json:
        print_machine(report["machine"])
        click.echo(f"bundle {opened.manifest.name} ({opened.manifest.format}, {opened.sha256[:12]})")
    known: dict[str, list[Call]] = {}
    for name in [only] if only else BACKENDS:
        backend = BACKENDS[name]()
        if (reason := refused[name]) is not None:
            report["backends"].append({"backend": name, "refused": reason})
            if not as_json:
                click.echo(f"\n{name}: {reason}")
            continue
        calls = _expected(opened, name, known, quiet=as_json)
        for each in [device] if device else backend.devices():
            rows = list(_rows(opened, backend, each, calls, quiet=as_json))
            report["backends"].append({"backend": name, "device": each, "modules": rows})
            if prompts:
                report["backends"][-1]["prompts"] = _prompts(opened, backend, each, quiet=as_json)
    failed = any(
        "failed" in row for each in report["backends"] for row in (*each.get("modules", ()), each.get("prompts", {}))
    )
    report["passed"] = not failed
    if as_json:
        print_json(report)
    else:
        click.echo("\nsomething failed" if failed else "\nall that was tried is as it should be")
    return BackendError.exit_code if failed else 0


def _expected(bundle: "Bundle", tested: str, known: "dict[str, list[Call]]", *, quiet: bool) -> "list[Call]":
    from pia_edge.runtimes.self_test import expected_calls, processor_for

    backend, device = processor_for(bundle, tested)
    if not quiet:
        click.echo(f"\n{tested}, expected to compute what {backend.name} does on {device} in float32")
    if backend.name not in known:
        known[backend.name] = expected_calls(bundle, backend, device)
    return known[backend.name]


def _rows(
    bundle: "Bundle", backend: "Backend", device: str, calls: "list[Call]", *, quiet: bool
) -> "Iterator[dict[str, Any]]":
    from pia_edge.runtimes.self_test import try_device

    if not quiet:
        click.echo(f"{backend.name} on {device}")
    for call, found in zip(calls, try_device(bundle, backend, device, calls), strict=True):
        row = _failure(call, found) if isinstance(found, PiaError) else _success(found)
        if not quiet:
            click.echo(_line(row))
        yield row


def _prompts(bundle: "Bundle", backend: "Backend", device: str, *, quiet: bool) -> dict[str, Any]:
    report = prompt_report(bundle, backend, device)
    if not quiet:
        for line in prompt_lines(report):
            click.echo(line)
    return report


def _failure(call: "Call", error: PiaError) -> dict[str, Any]:
    return {"module": call.module.value, "failed": str(error)}


def _success(tested: "Tested") -> dict[str, Any]:
    row: dict[str, Any] = {
        "module": tested.module.value,
        "ran_on": tested.device,
        # JSON has no infinity: 200 dB is beyond what float32 can tell.
        "psnr_db": round(min(max(tested.psnr_db, -200.0), 200.0), 1),
        "load_seconds": round(tested.load_seconds, 3),
        "run_seconds": round(tested.run_seconds, 4),
    }
    if not tested.passed:
        wrong = "NaN, infinity or another shape" if math.isinf(tested.psnr_db) else f"{tested.psnr_db:.1f} dB"
        row["failed"] = f"expected what the processor computes, found {wrong}"
    return row


def _line(row: dict[str, Any]) -> str:
    if "failed" in row:
        return f"  {row['module']:<14} FAILED: {row['failed']}"
    return (
        f"  {row['module']:<14} {row['psnr_db']:6.1f} dB, loaded in {row['load_seconds']:.2f} s, "
        f"runs in {row['run_seconds'] * 1000:.0f} ms on {row['ran_on']}"
    )


def _described(bundle: "Bundle") -> dict[str, str]:
    manifest = bundle.manifest
    return {"name": manifest.name, "format": manifest.format.value, "sha256": bundle.sha256}
