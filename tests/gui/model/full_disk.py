"""A worker on whose disk nothing finds room."""

import errno
import os
from typing import NoReturn

from pia_edge.worker.serving import serve


def full(_descriptor: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


setattr(os, "fsync", full)  # noqa: B010 - a type checker knows that fsync returns
serve()
