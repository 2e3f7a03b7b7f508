"""Reports that no clip was measured for."""

from typing import Any

import msgspec

from pia_edge.evaluation.report import (
    Alignment,
    Backbone,
    ClipReport,
    Evaluation,
    Measures,
    Score,
    Transformer,
    mean_of,
)

BACKBONE = Backbone(
    folder="clip-vit-base-patch32",
    name_or_path="openai/clip-vit-base-patch32",
    vision=Transformer(hidden_size=768, num_hidden_layers=12, num_attention_heads=12),
    patch_size=32,
    image_size=224,
    text=Transformer(hidden_size=512, num_hidden_layers=12, num_attention_heads=8),
    projection_dim=512,
    weights_sha256={"model.safetensors": "ab" * 32},
)


def score(cosine: float) -> Score:
    return Score(cosine=cosine, clip_score=250 * cosine)


def clip_report(file: str = "a.gif", *, cosine: float | None = 0.9, **changes: Any) -> ClipReport:
    alignment = None
    if cosine is not None:
        values = {name: score(cosine) for name in Alignment.__struct_fields__}
        alignment = Alignment(**values)
    report = ClipReport(
        file=file,
        prompt="waves, the sea at night",
        described_by="recipe",
        num_frames=16,
        width=64,
        height=48,
        condition_frame=0,
        condition_image="picture.png",
        measures=Measures(
            condition_psnr_db=31.25,
            hsv_l1=12.5,
            affinity=0.8125,
            flow=0.0042,
            flicker=2.5,
            drift=8.75,
            colour_shift=1.125,
        ),
        alignment=alignment,
        affinity=(1.0, *[0.8] * 15),
        image_cosines=None,
        text_cosines=None,
    )
    return msgspec.structs.replace(report, **changes)


def evaluation(*clips: ClipReport, backbone: Backbone | None = BACKBONE) -> Evaluation:
    return Evaluation(
        set="sea", backbone=backbone, mean=mean_of(clips), clips=clips, skipped=(), versions={"pia-edge": "0.1.0"}
    )
