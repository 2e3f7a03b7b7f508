"""The small text encoder against transformers' CLIPTextModel."""

import torch
from transformers import CLIPTextConfig, CLIPTextModel

from pia_edge.training.text_encoder import TextEncoder, TextEncoderConfig


def test_transformers_loads_the_same_weights_and_gives_the_same_numbers() -> None:
    torch.manual_seed(0)
    config = TextEncoderConfig(vocab_size=120, hidden_size=32, intermediate_size=64, num_hidden_layers=2)
    ours = TextEncoder(config).eval()
    theirs = CLIPTextModel(CLIPTextConfig(**config.transformers_arguments())).eval()
    missing, unexpected = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert unexpected == []
    assert [name for name in missing if "position_ids" not in name] == []
    ids = torch.randint(0, 118, (3, 77))
    ids[:, 20:] = 119
    with torch.no_grad():
        torch.testing.assert_close(ours(ids), theirs(ids).last_hidden_state, atol=1e-5, rtol=1e-5)


def test_later_tokens_do_not_change_earlier_states() -> None:
    encoder = TextEncoder(TextEncoderConfig(vocab_size=50, hidden_size=16, intermediate_size=32)).eval()
    ids = torch.randint(0, 50, (1, 77))
    changed = ids.clone()
    changed[0, 30:] = 7
    with torch.no_grad():
        torch.testing.assert_close(encoder(ids)[:, :30], encoder(changed)[:, :30])
