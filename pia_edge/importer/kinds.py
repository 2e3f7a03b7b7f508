"""What a file of tensors is, told by the names and shapes in it and never by its file name."""

from collections.abc import Callable, Mapping
from enum import StrEnum

Shapes = Mapping[str, tuple[int, ...]]


class Kind(StrEnum):
    """The kinds of file that people have; the value is how an error message calls them."""

    CHECKPOINT = "a Stable Diffusion 1 checkpoint in one file"
    LDM_UNET = "the UNet of Stable Diffusion 1 under its original names"
    UNET = "the UNet of Stable Diffusion 1 under diffusers' names"
    VAE = "an autoencoder (VAE)"
    TEXT_ENCODER = "a CLIP text encoder"
    TINY_DECODER = "the decoder of a tiny autoencoder (TAESD)"
    TINY_AUTOENCODER = "a tiny autoencoder (TAESD) under diffusers' names"
    TINY_ENCODER = "the encoder of a tiny autoencoder (TAESD) without its decoder"
    PIA = "PIA weights under the paper's names"
    PIA_ADAPTER = "PIA weights as a motion adapter of diffusers"
    ANIMATEDIFF = "AnimateDiff motion modules without PIA's condition channels"
    ANIMATEDIFF_V1 = "AnimateDiff v1 motion modules (24 frames) without PIA's condition channels"
    ANIMATEDIFF_V2 = "AnimateDiff v2 motion modules (with one in the middle) without PIA's condition channels"
    ANIMATEDIFF_SDXL = "AnimateDiff motion modules for Stable Diffusion XL"
    LORA = "a LoRA"
    SDXL_LORA = "a LoRA for Stable Diffusion XL"
    MOTION_LORA = "a motion LoRA of AnimateDiff"
    LOHA = "a LoHa"
    LOKR = "a LoKr"
    DORA = "a DoRA"
    EMBEDDING = "a textual-inversion embedding"
    SDXL_EMBEDDING = "a textual-inversion embedding for Stable Diffusion XL"
    SDXL = "a Stable Diffusion XL model"
    SDXL_REFINER = "a Stable Diffusion XL refiner"
    SD2 = "a Stable Diffusion 2 model"
    INPAINTING = "an inpainting model of Stable Diffusion 1, whose first convolution reads a mask"
    EDITING = "an InstructPix2Pix model of Stable Diffusion 1"
    SD3 = "a Stable Diffusion 3 model"
    FLUX = "a Flux model"
    CONTROLNET = "a ControlNet"
    T2I_ADAPTER = "a T2I-Adapter"
    IP_ADAPTER = "an IP-Adapter"
    LANGUAGE_MODEL = "a language model"
    UNKNOWN = "tensors of no model known here"


def kind_of(shapes: Shapes) -> Kind:
    """Return what a file with tensors of these names and ``shapes`` is."""
    joined = "\n".join(["", *shapes])
    return next((kind for kind, fits in _TESTS if fits(joined, shapes)), Kind.UNKNOWN)


def _named(*parts: str) -> Callable[[str, Shapes], bool]:
    """A test for any of these parts in a name; a leading newline in a part stands for the name's beginning."""
    return lambda joined, _shapes: any(part in joined for part in parts)


def _input_channels(joined: str, shapes: Shapes) -> int:
    for name in ("conv_in.weight", "model.diffusion_model.input_blocks.0.0.weight", "input_blocks.0.0.weight"):
        shape = shapes.get(name, ())
        if len(shape) == 4 and "motion_modules" not in joined:
            return shape[1]
    return 0


def _text_channels(shapes: Shapes) -> int:
    return next((shape[-1] for name, shape in shapes.items() if name.endswith("attn2.to_k.weight") and shape), 0)


def _has_condition(shapes: Shapes) -> bool:
    found = [shape for name, shape in shapes.items() if name.removeprefix("module.") == "conv_in.weight"]
    return any(len(shape) == 4 and shape[1] == 9 for shape in found)


def _first_positions(shapes: Shapes) -> int:
    ends = ("pos_encoder.pe", "pos_embed.pe")
    return next((shape[1] for name, shape in shapes.items() if name.endswith(ends) and len(shape) == 3), 0)


def _motion(joined: str, _shapes: Shapes) -> bool:
    return "motion_modules." in joined


def _xl_motion(joined: str, shapes: Shapes) -> bool:
    return _motion(joined, shapes) and "\ndown_blocks.3." not in joined.replace("\nmodule.", "\n")


# The order matters: each test may rely on all before it having failed.
_TESTS: tuple[tuple[Kind, Callable[[str, Shapes], bool]], ...] = (
    (Kind.LOHA, _named(".hada_w1")),
    (Kind.LOKR, _named(".lokr_w1")),
    (Kind.DORA, _named(".dora_scale", "lora_magnitude_vector")),
    (Kind.SDXL_LORA, _named("\nlora_te2_", "\nlora_unet_input_blocks_4", "\nlora_unet_label_emb", "\ntext_encoder_2.")),
    (Kind.MOTION_LORA, lambda joined, _: "motion_modules" in joined and "lora" in joined.lower()),
    (Kind.LORA, _named("lora_down", "lora_up", "lora.down", "lora_A.", "lora_linear_layer", "lora.up")),
    (Kind.SDXL_EMBEDDING, _named("\nclip_g")),
    (Kind.EMBEDDING, lambda _, shapes: _is_embedding(shapes)),
    (Kind.IP_ADAPTER, _named("\nip_adapter.", "\nimage_proj.")),
    (Kind.CONTROLNET, _named("\ncontrol_model.", "\ncontrolnet_", "\ninput_hint_block.")),
    (Kind.T2I_ADAPTER, _named("\nadapter.body.", "\nbody.0.block1.")),
    (Kind.SD3, _named("joint_blocks.")),
    (Kind.FLUX, _named("double_blocks.", "\nsingle_transformer_blocks.")),
    (Kind.SDXL_REFINER, lambda joined, _: "embedders.0.model." in joined and "embedders.1." not in joined),
    (Kind.SDXL, _named("\nconditioner.embedders.", "\nadd_embedding.", "label_emb.")),
    (Kind.SD2, lambda joined, shapes: "cond_stage_model.model." in joined or _text_channels(shapes) == 1024),
    (Kind.PIA, lambda joined, shapes: "temporal_transformer." in joined and _has_condition(shapes)),
    (Kind.PIA_ADAPTER, lambda joined, shapes: _motion(joined, shapes) and _has_condition(shapes)),
    (Kind.ANIMATEDIFF_SDXL, _xl_motion),
    (Kind.ANIMATEDIFF_V1, lambda joined, shapes: _motion(joined, shapes) and _first_positions(shapes) == 24),
    (Kind.ANIMATEDIFF_V2, _named("mid_block.motion_modules.")),
    (Kind.ANIMATEDIFF, _motion),
    (Kind.INPAINTING, lambda joined, shapes: _input_channels(joined, shapes) == 9),
    (Kind.EDITING, lambda joined, shapes: _input_channels(joined, shapes) == 8),
    (Kind.CHECKPOINT, _named("\nmodel.diffusion_model.")),
    (Kind.LDM_UNET, _named("\ninput_blocks.0.0.")),
    (Kind.UNET, _named("\ndown_blocks.0.resnets.0.time_emb_proj.")),
    (Kind.VAE, _named("\nencoder.down.0.", "\nfirst_stage_model.encoder.", "\nencoder.down_blocks.0.")),
    (Kind.TEXT_ENCODER, _named("text_model.embeddings.token_embedding", "\nembeddings.token_embedding")),
    (Kind.TINY_AUTOENCODER, _named("\ndecoder.layers.2.conv.0.", "\nlayers.2.conv.0.")),
    (Kind.TINY_ENCODER, _named("\nencoder.layers.1.conv.0.", "\n1.conv.0.")),
    (Kind.TINY_DECODER, _named("\n3.conv.0.")),
    (Kind.LANGUAGE_MODEL, _named("model.layers.0.", "\ntransformer.h.0.")),
)


def _is_embedding(shapes: Shapes) -> bool:
    if "emb_params" in shapes or any(name.startswith("string_to_param.") for name in shapes):
        return True
    # Diffusers' layout names the tensor by the word itself.
    words = all("." not in name or name.startswith("<") for name in shapes)
    return 1 <= len(shapes) <= 8 and words and all(len(s) in (1, 2) and s[-1] >= 32 for s in shapes.values())
