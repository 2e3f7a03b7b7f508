"""How modules run: one file per backend, and :func:`pick`, which says why each was or was not taken."""

from pia_edge.runtimes.choose import BACKENDS, Choice, pick, refusals

__all__ = ["BACKENDS", "Choice", "pick", "refusals"]
