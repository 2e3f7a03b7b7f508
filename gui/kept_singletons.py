"""None, True and False outlive PySide6 6.12.0, which gives them to Python without counting them.

Every call that returns nothing then takes one reference from None. Python 3.12 and later do not count references to
these objects, and no version of PySide6 before that one is known to do it; Python 3.11 ends the process
(``none_dealloc``) after some thousands of calls.
"""

import ctypes
import sys

_MANY = sys.maxsize // 4
"""References: enough for a million calls a second for some thousand years, and far from an overflow."""


def keep_singletons() -> None:
    """Give the singletons more references than a program can lose; nothing where they are not counted."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for singleton in (None, True, False, NotImplemented):
        # The count is the first field of every object of CPython.
        ctypes.c_ssize_t.from_address(id(singleton)).value += _MANY
