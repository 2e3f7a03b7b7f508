"""What is needed next, made ahead by processes of their own: pictures, and batches that an accelerator waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from torch.utils.data import DataLoader, Dataset

Made = TypeVar("Made")
AHEAD = 3
"""How many each process keeps ready."""


class _Makes(Dataset[Made], Generic[Made]):
    def __init__(self, make: Callable[..., Made]) -> None:
        self._make = make

    def __getitem__(self, arguments: tuple[object, ...]) -> Made:
        return self._make(*arguments)


def _as_it_is(made: Made) -> Made:
    return made


def made_ahead(make: Callable[..., Made], asked: Iterable[tuple[object, ...]], processes: int) -> Iterator[Made]:
    """Yield ``make(*arguments)`` for all that is ``asked``, in order.

    Args:
        make: called in other processes; where these are not forked it has to be picklable.
        asked: the arguments of each call. It may have no end: it is read a few calls ahead.
        processes: how many work at once, at least 1.
    """
    return iter(
        DataLoader(
            _Makes(make),
            sampler=asked,
            batch_size=None,
            num_workers=processes,
            prefetch_factor=AHEAD,
            collate_fn=_as_it_is,
        )
    )
