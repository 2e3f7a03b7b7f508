"""Every error this package means to raise.

::

    PiaError                    exit code 1
    ├── RequestError            2   a setting cannot be used (prompt, motion, seed, size, …)
    ├── PictureError            3   the picture cannot be read or is not one
    ├── BundleError             4   a bundle is missing, damaged, foreign or not trusted
    ├── ModelError              4   a model file to import is missing, damaged, or not what it should be
    │   └── PickleError         4   it is a pickle, which nobody allowed to be read
    ├── BackendError            5   no backend can run this here, or a device refused
    ├── OutOfMemoryError        6   the work does not fit
    ├── OutputError             7   the result cannot be written
    ├── NumericError            8   a module returned NaN, infinity or a blank picture
    ├── MissingExtraError       2   an optional dependency is not installed
    ├── WorkerError             1   the process that made a clip ended or hung
    ├── ParityError             1   an exported module differs from the reference
    └── Cancelled             130   the caller asked to stop

Each message says what was expected, what was found and what to do. The exit code is the one ``pia-edge``
ends with.
"""


class PiaError(Exception):
    """Base of all intended errors; ``exit_code`` is what the command line returns for it."""

    exit_code = 1


class RequestError(PiaError):
    """A setting of the request cannot be used."""

    exit_code = 2


class PictureError(PiaError):
    """The input picture cannot be read, is too large, or is not a picture."""

    exit_code = 3


class BundleError(PiaError):
    """A bundle is missing, damaged, foreign, or contains what it should not."""

    exit_code = 4


class ModelError(PiaError):
    """A model file to import is missing, damaged, of the wrong kind, or does not fit the others."""

    exit_code = 4


class PickleError(ModelError):
    """A model file is a pickle, a format that can hide programs, and nobody allowed to read it."""


class BackendError(PiaError):
    """No backend can run the bundle here, or a device refused a module."""

    exit_code = 5


class OutOfMemoryError(PiaError):
    """The work does not fit into memory."""

    exit_code = 6


class OutputError(PiaError):
    """The result cannot be written where it was asked for."""

    exit_code = 7


class NumericError(PiaError):
    """A module returned non-finite numbers, or the clip would be blank."""

    exit_code = 8


class MissingExtraError(PiaError):
    """An optional dependency is needed and not installed; the message holds the exact install command."""

    exit_code = 2


class ParityError(PiaError):
    """An exported module does not agree with the reference within its tolerance."""


class WorkerError(PiaError):
    """The process that made a clip ended, hung, or is of another version."""


class Cancelled(PiaError):  # noqa: N818 - the field's word; cancelling is not a failure
    """The caller asked to stop; nothing partial was written."""

    exit_code = 130


def as_pia_error(error: Exception) -> PiaError:
    """Return what to tell a user of ``error``, whatever it is; intended errors are returned as they are."""
    if isinstance(error, PiaError):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemoryError("Out of memory. Ask for fewer frames or a smaller size.")
    if isinstance(error, OSError):
        return OutputError(f"The system refused to read or write: {error}. Check disk and permissions.")
    advice = "This is a defect in PIA Edge; set PIA_EDGE_LOG=debug for details and please report it."
    return PiaError(f"{type(error).__name__}: {error}\n{advice}")
