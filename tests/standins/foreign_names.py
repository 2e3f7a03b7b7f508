"""Names and shapes that tell other architectures; long axes without meaning are cut to keep the files small."""

from typing import Any

from tests.standins.lazy import Shapes

LDM = "model.diffusion_model."

NAMES: dict[str, Shapes] = {
    "sdxl": {
        f"{LDM}input_blocks.0.0.weight": (320, 4, 3, 3),
        f"{LDM}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": (640, 2048),
        f"{LDM}label_emb.0.0.weight": (1280, 2816),
        f"{LDM}label_emb.0.0.bias": (1280,),
        "conditioner.embedders.0.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
        "conditioner.embedders.1.model.positional_embedding": (77, 1280),
        "conditioner.embedders.1.model.transformer.resblocks.9.mlp.c_proj.bias": (1280,),
        "first_stage_model.encoder.conv_in.weight": (128, 3, 3, 3),
        "first_stage_model.quant_conv.weight": (8, 8, 1, 1),
    },
    "sdxl-refiner": {
        f"{LDM}input_blocks.0.0.weight": (384, 4, 3, 3),
        f"{LDM}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight": (768, 1280),
        f"{LDM}label_emb.0.0.bias": (1536,),
        "conditioner.embedders.0.model.text_projection": (1280, 1280),
        "conditioner.embedders.0.model.transformer.resblocks.9.mlp.c_proj.bias": (1280,),
    },
    "sd2": {
        f"{LDM}input_blocks.0.0.weight": (320, 4, 3, 3),
        f"{LDM}input_blocks.1.1.proj_in.weight": (320, 320),
        f"{LDM}input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight": (320, 1024),
        "cond_stage_model.model.positional_embedding": (77, 1024),
        "cond_stage_model.model.ln_final.weight": (1024,),
        "cond_stage_model.model.transformer.resblocks.22.attn.in_proj_bias": (3072,),
        "first_stage_model.encoder.conv_in.weight": (128, 3, 3, 3),
    },
    "sd3": {
        f"{LDM}joint_blocks.0.context_block.adaLN_modulation.1.bias": (9216,),
        f"{LDM}pos_embed": (1, 36864, 1),
        f"{LDM}x_embedder.proj.weight": (1536, 16, 2, 2),
        "text_encoders.clip_l.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
        "first_stage_model.decoder.conv_in.weight": (512, 16, 3, 3),
    },
    "flux": {
        "double_blocks.0.img_attn.norm.key_norm.scale": (128,),
        "double_blocks.0.img_attn.proj.bias": (3072,),
        "guidance_in.in_layer.bias": (3072,),
        "img_in.weight": (3072, 64),
        "single_blocks.37.linear2.bias": (3072,),
    },
    "controlnet": {
        "control_model.time_embed.0.weight": (1280, 320),
        "control_model.input_blocks.0.0.weight": (320, 4, 3, 3),
        "control_model.input_hint_block.0.weight": (16, 3, 3, 3),
        "control_model.zero_convs.0.0.weight": (320, 320, 1, 1),
        "control_model.middle_block_out.0.bias": (1280,),
    },
    "controlnet-diffusers": {
        "conv_in.weight": (320, 4, 3, 3),
        "conv_in.bias": (320,),
        "controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3),
        "controlnet_down_blocks.0.weight": (320, 320, 1, 1),
        "controlnet_mid_block.bias": (1280,),
        "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight": (320, 768),
        "down_blocks.0.resnets.0.conv1.bias": (320,),
    },
    "t2i-adapter": {
        "conv_in.weight": (320, 192, 3, 3),
        "conv_in.bias": (320,),
        "body.0.block1.weight": (320, 320, 3, 3),
        "body.2.in_conv.weight": (640, 320, 1, 1),
        "body.7.block2.bias": (1280,),
    },
    "ip-adapter": {
        "image_proj.proj.weight": (3072, 1024),
        "image_proj.proj.bias": (3072,),
        "image_proj.norm.weight": (768,),
        "ip_adapter.1.to_k_ip.weight": (320, 768),
        "ip_adapter.1.to_v_ip.weight": (320, 768),
    },
    "language-model": {
        "model.embed_tokens.weight": (8, 4096),
        "model.layers.0.self_attn.q_proj.weight": (8, 4096),
        "model.layers.31.mlp.gate_proj.weight": (8, 4096),
        "model.norm.weight": (4096,),
        "lm_head.weight": (8, 4096),
    },
    "vae-of-16-channels": {
        "encoder.conv_in.weight": (128, 3, 3, 3),
        "encoder.conv_out.weight": (32, 512, 3, 3),
        "encoder.down.0.block.0.conv1.weight": (128, 128, 3, 3),
        "decoder.conv_in.weight": (512, 16, 3, 3),
        "decoder.mid.attn_1.q.weight": (512, 512, 1, 1),
    },
    "upscaler": {
        "conv_first.weight": (64, 3, 3, 3),
        "body.0.rdb1.conv1.weight": (32, 64, 3, 3),
        "conv_last.bias": (3,),
    },
}

_LEVELS = {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "layers_per_block": 2}
_FOUR = {
    "block_out_channels": [320, 640, 1280, 1280],
    "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
    "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
}

INDEX: dict[str, dict[str, Any]] = {
    "sdxl": {
        "_class_name": "StableDiffusionXLPipeline",
        "_diffusers_version": "0.19.0.dev0",
        "scheduler": ["diffusers", "EulerDiscreteScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "tokenizer_2": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    },
    "sd2": {"scheduler": ["diffusers", "DDIMScheduler"]},
    "inpainting": {"_class_name": "StableDiffusionInpaintPipeline"},
    "flux": {
        "_class_name": "FluxPipeline",
        "_diffusers_version": "0.30.0.dev0",
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "text_encoder_2": ["transformers", "T5EncoderModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "tokenizer_2": ["transformers", "T5TokenizerFast"],
        "transformer": ["diffusers", "FluxTransformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    },
}
"""model_index.json, or what differs in it from Stable Diffusion 1.5's."""

UNET: dict[str, tuple[dict[str, Any], Shapes]] = {
    "sdxl": (
        _LEVELS
        | {
            "addition_embed_type": "text_time",
            "attention_head_dim": [5, 10, 20],
            "block_out_channels": [320, 640, 1280],
            "cross_attention_dim": 2048,
            "down_block_types": ["DownBlock2D"] + ["CrossAttnDownBlock2D"] * 2,
            "projection_class_embeddings_input_dim": 2816,
            "transformer_layers_per_block": [1, 2, 10],
            "up_block_types": ["CrossAttnUpBlock2D"] * 2 + ["UpBlock2D"],
            "use_linear_projection": True,
        },
        {"add_embedding.linear_1.bias": (1280,), "conv_in.weight": (320, 4, 3, 3)},
    ),
    "sd2": (
        _LEVELS
        | _FOUR
        | {"attention_head_dim": [5, 10, 20, 20], "cross_attention_dim": 1024, "use_linear_projection": True},
        {"conv_in.weight": (320, 4, 3, 3), "down_blocks.0.attentions.0.proj_in.weight": (320, 320)},
    ),
    "inpainting": (
        _LEVELS | _FOUR | {"attention_head_dim": 8, "cross_attention_dim": 768, "in_channels": 9},
        {"conv_in.weight": (320, 9, 3, 3)},
    ),
    "flux": (
        {"_class_name": "FluxTransformer2DModel", "in_channels": 64, "num_layers": 19, "num_single_layers": 38},
        {"x_embedder.weight": (3072, 64)},
    ),
}
"""config.json and a few weights of the UNet or transformer."""
