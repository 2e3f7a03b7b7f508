"""The group of all commands, and how errors and signals become messages and exit codes."""

import os
import sys
import traceback

import click
import msgspec

from pia_edge._version import __version__
from pia_edge.cli.animate import animate
from pia_edge.cli.archives import pack, unpack
from pia_edge.cli.bench import bench
from pia_edge.cli.bundles import bundles
from pia_edge.cli.choosing import recipe
from pia_edge.cli.desktop import gui
from pia_edge.cli.devices import devices
from pia_edge.cli.doctor import doctor
from pia_edge.cli.evaluating import evaluate
from pia_edge.cli.exporting import export, parity
from pia_edge.cli.importing import import_models
from pia_edge.cli.recipes import info, replay
from pia_edge.cli.terminal import ending_on_sigterm, prepare_streams
from pia_edge.errors import Cancelled, PiaError, as_pia_error

_EPILOG = """\b
Exit codes: 0 done · 1 unexpected, or a replay that differs · 2 usage · 3 picture · 4 bundle or model
5 backend or device · 6 out of memory · 7 disk or permission · 8 NaN or blank clip
130 interrupted (Ctrl-C) · 143 ended (SIGTERM)
"""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="pia-edge")
def pia_edge() -> None:
    """Animate a still picture from a sentence, offline.

    \b
    pia-edge animate photo.jpg --prompt "waves, the sea at night" -o waves.gif
    pia-edge info waves.gif
    """


@click.command("_worker", hidden=True)
def worker() -> None:
    """Make clips for another process; a program without Python of its own cannot start a module."""
    from pia_edge.worker.serving import serve

    serve()


_COMMANDS = (
    *(animate, info, replay, evaluate, import_models, recipe, export, parity, bundles, pack, unpack),
    *(devices, doctor, bench, gui, worker),
)
for command in _COMMANDS:
    pia_edge.add_command(command)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; never raises for anything a user can cause."""
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    prepare_streams(as_json=as_json)
    try:
        with ending_on_sigterm():
            result = pia_edge.main(args=arguments, prog_name="pia-edge", standalone_mode=False)
            sys.stdout.flush()
    except SystemExit as error:  # SIGTERM, or click's answer to a reader that has left
        return error.code if isinstance(error.code, int) else 1
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        if as_json:
            _report_json(error.exit_code, "UsageError", error.format_message())
        else:
            error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _report(Cancelled("Stopped as asked; nothing was written."), as_json)
    except OSError as error:
        return _report_refusal(error, as_json)
    except Exception as error:
        intended = as_pia_error(error)
        if intended is not error and os.environ.get("PIA_EDGE_LOG") == "debug":
            traceback.print_exc()
        return _report(intended, as_json)
    return result if isinstance(result, int) else 0


def _report(error: PiaError, as_json: bool) -> int:
    if as_json:
        _report_json(error.exit_code, type(error).__name__, str(error))
    else:
        click.echo(f"pia-edge: {error}", err=True)
    return error.exit_code


def _report_refusal(error: OSError, as_json: bool) -> int:
    try:
        sys.stdout.flush()
    except OSError:
        # The reader has left or the disk is full; the interpreter must not try to flush once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return 1
    return _report(as_pia_error(error), as_json)


def _report_json(code: int, name: str, message: str) -> None:
    # File names that are not Unicode exist on Linux; JSON is.
    readable = message.encode(errors="backslashreplace").decode()
    click.echo(msgspec.json.encode({"code": code, "name": name, "message": readable}), err=True)
