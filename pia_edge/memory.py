"""Memory of this process, as the operating system counts it."""

import ctypes
import gc
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
"""Linux alone has it."""


def peak_memory() -> int | None:
    """Return the largest resident size so far in bytes, or None where the system does not tell (Windows)."""
    if _STATUS.exists():
        # getrusage would tell that of the parent, where the parent was larger when it started this process.
        return int(_STATUS.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def free_memory() -> int:
    """Return how many bytes this process may still take without others being swapped out."""
    import psutil

    return int(psutil.virtual_memory().available)


def all_memory() -> int:
    """Return how many bytes of memory the machine has."""
    import psutil

    return int(psutil.virtual_memory().total)


def own_memory() -> int:
    """Return the resident size of this process in bytes."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def give_back_memory() -> None:
    """Return what was freed to the operating system.

    glibc keeps freed blocks of up to 32 MB for later; after a network of many layers these are gigabytes, which the
    next one cannot use if its layers are larger.
    """
    gc.collect()
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)
