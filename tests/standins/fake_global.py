"""A class or function that pickles under the name of a library which need not be installed."""

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def importable(module: str, name: str) -> Iterator[type]:
    """Yield an object that pickles as ``module.name`` within this context."""
    parts = module.split(".")
    names = [".".join(parts[: end + 1]) for end in range(len(parts))]
    kept = {each: sys.modules[each] for each in names if each in sys.modules}
    sys.modules.update({each: types.ModuleType(each) for each in names})
    made = type(name, (), {"__module__": module})
    setattr(sys.modules[module], name, made)
    try:
        yield made
    finally:
        for each in names:
            del sys.modules[each]
        sys.modules.update(kept)
