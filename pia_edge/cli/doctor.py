"""``pia-edge doctor``."""

from typing import TYPE_CHECKING, Any

import click

from pia_edge.cli.prompts import prompt_lines, prompt_report
from pia_edge.cli.results import print_json
from pia_edge.errors import BackendError
from pia_edge.machine import machine, machine_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pia_edge.backend import Backend
    from pia_edge.bundle import Bundle
    from pia_edge.runtimes.self_test import Call


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
    from pia_edge.runtimes.self_test_report import bundle_line, bundle_row

    if only is not None and only not in BACKENDS:
        raise BackendError(f"Expected a backend out of {', '.join(BACKENDS)}; found {only!a}.")
    opened = Bundle.open(find_bundle(bundle))
    refused = refusals(opened)
    report: dict[str, Any] = {"machine": machine(), "bundle": bundle_row(opened), "backends": []}
    if not as_json:
        for line in (*machine_lines(report["machine"]), bundle_line(opened)):
            click.echo(line)
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
    from pia_edge.runtimes.self_test_report import expectation

    backend, device = processor_for(bundle, tested)
    if not quiet:
        click.echo(f"\n{expectation(tested, backend, device)}")
    if backend.name not in known:
        known[backend.name] = expected_calls(bundle, backend, device)
    return known[backend.name]


def _rows(
    bundle: "Bundle", backend: "Backend", device: str, calls: "list[Call]", *, quiet: bool
) -> "Iterator[dict[str, Any]]":
    from pia_edge.runtimes.self_test_report import module_line, module_rows

    if not quiet:
        click.echo(f"{backend.name} on {device}")
    for row in module_rows(bundle, backend, device, calls):
        if not quiet:
            click.echo(module_line(row))
        yield row


def _prompts(bundle: "Bundle", backend: "Backend", device: str, *, quiet: bool) -> dict[str, Any]:
    report = prompt_report(bundle, backend, device)
    if not quiet:
        for line in prompt_lines(report):
            click.echo(line)
    return report
