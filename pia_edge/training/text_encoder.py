"""The small text encoder, with the parameter names of transformers' CLIPTextModel (4.57)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class TextEncoderConfig:
    """Sizes of the text encoder."""

    vocab_size: int
    hidden_size: int = 128
    intermediate_size: int = 512
    num_hidden_layers: int = 3
    num_attention_heads: int = 4
    max_position_embeddings: int = 77

    def transformers_arguments(self) -> dict[str, object]:
        """Return the keyword arguments with which ``transformers.CLIPTextConfig`` describes the same network."""
        return {
            "vocab_size": self.vocab_size,
            "hidden_size": self.hidden_size,
            "intermediate_size": self.intermediate_size,
            "num_hidden_layers": self.num_hidden_layers,
            "num_attention_heads": self.num_attention_heads,
            "max_position_embeddings": self.max_position_embeddings,
            "hidden_act": "quick_gelu",
            "bos_token_id": self.vocab_size - 2,
            "eos_token_id": self.vocab_size - 1,
            "pad_token_id": self.vocab_size - 1,
        }


class TextEmbeddings(nn.Module):
    """Token and position embeddings."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embedding = nn.Embedding(config.max_position_embeddings, config.hidden_size)

    def forward(self, ids: Tensor) -> Tensor:
        """Map token ids (batch, length) to (batch, length, hidden_size)."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        return self.token_embedding(ids) + self.position_embedding(positions)[None]  # type: ignore[no-any-return]


class TextAttention(nn.Module):
    """Causal self-attention."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        width = config.hidden_size
        self.heads = config.num_attention_heads
        self.k_proj, self.v_proj = nn.Linear(width, width), nn.Linear(width, width)
        self.q_proj, self.out_proj = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (batch, length, hidden_size) to the same shape."""
        query, key, value = (
            projection(hidden).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for projection in (self.q_proj, self.k_proj, self.v_proj)
        )
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))  # type: ignore[no-any-return]


class TextFeedForward(nn.Module):
    """Two linear layers around CLIP's quick GELU, x · sigmoid(1.702 x)."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (batch, length, hidden_size) to the same shape."""
        inner = self.fc1(hidden)
        return self.fc2(inner * torch.sigmoid(1.702 * inner))  # type: ignore[no-any-return]


class TextLayer(nn.Module):
    """Attention and feed-forward layer, each on a normalised input and added to it."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.self_attn = TextAttention(config)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size)
        self.mlp = TextFeedForward(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size)

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (batch, length, hidden_size) to the same shape."""
        hidden = hidden + self.self_attn(self.layer_norm1(hidden))
        return hidden + self.mlp(self.layer_norm2(hidden))  # type: ignore[no-any-return]


class TextLayers(nn.Module):
    """The stack of layers; its own module only because CLIP's names have the level ``encoder.layers``."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList([TextLayer(config) for _ in range(config.num_hidden_layers)])

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (batch, length, hidden_size) to the same shape."""
        for layer in self.layers:
            hidden = layer(hidden)
        return hidden


class TextTransformer(nn.Module):
    """Embeddings, layers, and a last norm."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.embeddings = TextEmbeddings(config)
        self.encoder = TextLayers(config)
        self.final_layer_norm = nn.LayerNorm(config.hidden_size)

    def forward(self, ids: Tensor) -> Tensor:
        """Map token ids (batch, length) to (batch, length, hidden_size)."""
        return self.final_layer_norm(self.encoder(self.embeddings(ids)))  # type: ignore[no-any-return]


class TextEncoder(nn.Module):
    """Token ids to the hidden states that the UNet attends to (CLIP's last_hidden_state)."""

    def __init__(self, config: TextEncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.text_model = TextTransformer(config)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                nn.init.normal_(
                    parameter, std=0.5 if "token_embedding" in name else 0.02 if "embedding" in name else 0.06
                )

    def forward(self, ids: Tensor) -> Tensor:
        """Return encoder_hidden_states (batch, 77, hidden_size) of token ids (batch, 77)."""
        return self.text_model(ids)  # type: ignore[no-any-return]
