"""The child's side of every question: which function answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from pia_edge.cancel import CancelToken
from pia_edge.progress import OnStep
from pia_edge.worker import (
    clip_questions,
    model_questions,
    picture_questions,
    plan_questions,
    questions,
    text_questions,
)
from pia_edge.worker.answers import clips, importing, limits, machine, models, motions, pictures, plans, saving, texts


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
    text_questions.CountTokens: lambda question, _: texts.count_tokens(question),
    clip_questions.OpenClip: lambda question, listener: clips.open_clip(question, listener.token),
    clip_questions.ReadRecipes: lambda question, listener: clips.read_recipes(question, listener.token),
    clip_questions.MakeThumbnails: lambda question, listener: clips.make_thumbnails(question, listener.token),
    clip_questions.ListFormats: lambda _question, _listener: saving.list_formats(),
    clip_questions.FindSize: lambda question, listener: saving.find_size(question, listener.token),
    clip_questions.SaveClip: lambda question, listener: saving.save(question, listener.token),
    model_questions.ListBundles: lambda _question, _: models.list_bundles(),
    model_questions.LookAtBundle: lambda question, _: models.look_at_bundle(question),
    model_questions.AddBundle: models.add_bundle,
    model_questions.VerifyBundle: models.verify_bundle,
    model_questions.RemoveBundle: lambda question, _: models.remove_bundle(question),
    model_questions.ListDevices: lambda question, _: machine.list_devices(question),
    model_questions.TryBackend: machine.try_backend,
    model_questions.FindExtra: lambda _question, _: importing.find_extra(),
    model_questions.PlanImport: lambda question, _: importing.plan_import(question),
    model_questions.ImportModels: importing.import_models,
    model_questions.ExportBundle: importing.export_bundle,
    picture_questions.FindLimits: lambda question, _: limits.find_limits(question),
    picture_questions.ViewPicture: lambda question, listener: pictures.view_picture(question, listener.token),
    picture_questions.KeepPicture: lambda question, _: pictures.keep_picture(question),
    picture_questions.CopyMotion: lambda question, _: motions.copy_motion(question),
    plan_questions.PlanJob: lambda question, _: plans.plan(question),
}
