"""What the user wrote: the texts that no report holds unasked."""

from pia_edge.gui.model.draft import DraftState


def prompts_of(state: DraftState) -> tuple[str, ...]:
    """Return every prompt of ``state``."""
    several = (prompt for _, prompt in state.prompts_at)
    return tuple(text for text in (state.prompt, state.negative_prompt, *several) if text)


def given_up(before: DraftState, after: DraftState) -> tuple[str, ...]:
    """Return the prompts of ``before`` that ``after`` neither has nor goes on with.

    Each letter that is typed makes a state; only the last of them is a prompt.
    """
    present = prompts_of(after)
    return tuple(text for text in prompts_of(before) if not any(newer.startswith(text) for newer in present))
