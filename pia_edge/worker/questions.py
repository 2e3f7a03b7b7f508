"""What can be asked of a child beside a clip: every question, and every answer.

A question is data; ``answers/`` says, one file a topic, how the child finds the answer. To add one, write its question
and answer in the file of its topic (``…_questions.py``), put both into the unions there, and its function into
``answering.py``.
"""

from pia_edge.worker.clip_questions import ClipQuestion, ClipReply
from pia_edge.worker.model_questions import ModelQuestion, ModelReply
from pia_edge.worker.picture_questions import PictureQuestion, PictureReply
from pia_edge.worker.plan_questions import PlanJob, Planned
from pia_edge.worker.text_questions import CountTokens, TokensCounted

Question = CountTokens | PictureQuestion | PlanJob | ClipQuestion | ModelQuestion
Reply = TokensCounted | PictureReply | Planned | ClipReply | ModelReply
