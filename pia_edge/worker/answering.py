"""The child's side of every question: which function answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from pia_edge.cancel import CancelToken
from pia_edge.progress import OnStep
from pia_edge.worker import questions
from pia_edge.worker.answers import limits, motions, pictures, texts


@dataclass(frozen=True)
class Listener:
    """Who asked: wants to hear how far the answer is, and may stop it."""

    on_step: OnStep
    token: CancelToken


def answer(question: questions.Question, listener: Listener) -> questions.Reply:
    """Return the answer to ``question``.

    Raises:
        PiaError: there is none, for a reason that the user can be told.
    """
    return _ANSWERS[type(question)](question, listener)


_ANSWERS: dict[type, Callable[..., questions.Reply]] = {
    questions.CountTokens: lambda question, _: texts.count_tokens(question),
    questions.FindLimits: lambda question, _: limits.find_limits(question),
    questions.ViewPicture: lambda question, listener: pictures.view_picture(question, listener.token),
    questions.KeepPicture: lambda question, _: pictures.keep_picture(question),
    questions.CopyMotion: lambda question, _: motions.copy_motion(question),
}
