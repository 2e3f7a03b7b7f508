"""What is copied for a bug report: versions, machine, devices, the last lines; by default nothing of the user's."""

from collections.abc import Iterable, Sequence

from pia_edge.gui.model.log import Entry, Log
from pia_edge.gui.model.redaction import redacted
from pia_edge.machine import machine, machine_lines


class Report:
    """Writes a report line by line, so that a view can add what happens while it is read."""

    def __init__(self, log: Log, prompts: Iterable[str], *, everything: bool) -> None:
        """Prepare a report.

        Args:
            log: what happened.
            prompts: to be hidden beside those that ``log`` keeps private.
            everything: hide nothing.
        """
        self._log = log
        self._hidden = None if everything else (*log.private, *prompts)

    def head(self, window: Sequence[str]) -> list[str]:
        """Return the lines that stand first; ``window`` says what only the window knows."""
        return [
            *machine_lines(machine()),
            *window,
            *(self._shown(line) for line in self._log.facts),
            "",
        ]

    def line(self, entry: Entry) -> str:
        """Return the line of one entry."""
        return self._shown(entry.line())

    def _shown(self, text: str) -> str:
        return text if self._hidden is None else redacted(text, self._hidden)
