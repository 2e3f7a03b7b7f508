"""Names and shapes of motion modules in the names of AnimateDiff's code, which are also PIA's."""

from pia_edge.nn.temporal import sinusoidal_positions
from tests.standins.lazy import Lazy, Shapes, State
from tests.standins.sizes import StandIn

DIFFUSERS_NAMES = (
    (".temporal_transformer", ""),
    (".norms.0", ".norm1"),
    (".norms.1", ".norm2"),
    (".ff_norm", ".norm3"),
    (".attention_blocks.0", ".attn1"),
    (".attention_blocks.1", ".attn2"),
)
"""(the original's, diffusers'); the tests hold it against diffusers' converter."""


def modules(channels: tuple[int, ...], *, mid: bool) -> dict[str, int]:
    """Return every motion module's name and channels: two in a down block, three in an up block."""
    found = {f"down_blocks.{i}.motion_modules.{j}": width for i, width in enumerate(channels) for j in range(2)}
    found |= {f"up_blocks.{i}.motion_modules.{j}": width for i, width in enumerate(channels[::-1]) for j in range(3)}
    if mid:
        found["mid_block.motion_modules.0"] = channels[-1]
    return found


def module_shapes(width: int, positions: int) -> Shapes:
    """Return one module's parameters and buffers."""
    block = "temporal_transformer.transformer_blocks.0"
    shapes: Shapes = {
        "temporal_transformer.norm.weight": (width,),
        "temporal_transformer.norm.bias": (width,),
        "temporal_transformer.proj_in.weight": (width, width),
        "temporal_transformer.proj_in.bias": (width,),
    }
    for index in "01":
        attention = f"{block}.attention_blocks.{index}"
        shapes |= {f"{attention}.{name}.weight": (width, width) for name in ("to_q", "to_k", "to_v", "to_out.0")}
        shapes |= {f"{attention}.to_out.0.bias": (width,), f"{attention}.pos_encoder.pe": (1, positions, width)}
        shapes |= {f"{block}.norms.{index}.weight": (width,), f"{block}.norms.{index}.bias": (width,)}
    return shapes | {
        f"{block}.ff.net.0.proj.weight": (8 * width, width),
        f"{block}.ff.net.0.proj.bias": (8 * width,),
        f"{block}.ff.net.2.weight": (width, 4 * width),
        f"{block}.ff.net.2.bias": (width,),
        f"{block}.ff_norm.weight": (width,),
        f"{block}.ff_norm.bias": (width,),
        "temporal_transformer.proj_out.weight": (width, width),
        "temporal_transformer.proj_out.bias": (width,),
    }


def motion_state(
    size: StandIn,
    *,
    channels: tuple[int, ...] | None = None,
    mid: bool = False,
    positions: int = 32,
    draw_prefix: str = "",
) -> State:
    """Return all motion modules; ``draw_prefix`` gives other numbers than PIA's."""
    state: State = {}
    for module, width in modules(channels or size.channels, mid=mid).items():
        for rest, shape in module_shapes(width, positions).items():
            name = f"{module}.{rest}"
            state[name] = _positions(shape) if rest.endswith(".pe") else size.draw(draw_prefix + name, shape)
    return state


def to_diffusers(state: State) -> State:
    """Return the state under the names of ``diffusers.MotionAdapter``, with one position buffer per block."""
    renamed: State = {}
    for name, lazy in state.items():
        if name.endswith(".attention_blocks.1.pos_encoder.pe"):
            continue
        renamed[diffusers_name(name.replace(".attention_blocks.0.pos_encoder.pe", ".pos_embed.pe"))] = lazy
    return renamed


def diffusers_name(name: str) -> str:
    if "motion_modules" in name:
        for original, diffusers in DIFFUSERS_NAMES:
            name = name.replace(original, diffusers)
    return name


def _positions(shape: tuple[int, ...]) -> Lazy:
    _, length, width = shape
    return Lazy(shape, lambda: sinusoidal_positions(length, width))
