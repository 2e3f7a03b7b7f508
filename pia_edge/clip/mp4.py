"""Clips as MP4 (H.264), for players and editors that want a video; needs the `video` extra."""

import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pia_edge.errors import MissingExtraError

_CODEC = "libx264"
# x264 is deterministic for a fixed number of threads only, and for small frames only without its macroblock tree: one
# encoding of 80x64 pixels in ten came out different with it, on a busy machine.
_ENCODER = {"crf": "12", "preset": "slow", "threads": "1", "mbtree": "0"}
# swscale's BICUBIC, ACCURATE_RND and BITEXACT: without them greys come out a level darker, and differ between CPUs.
_EXACT_CONVERSION = 4 | 0x40000 | 0x80000
_BT709 = 1
_LIMITED_RANGE = 1


def require_video_extra() -> None:
    """Check that MP4 can be written; PyAV is optional because its wheels hold GPL encoders.

    Raises:
        MissingExtraError: PyAV is not installed, or was built without an H.264 encoder.
    """
    try:
        from av import Codec
        from av.codec.codec import UnknownCodecError
    except ImportError as error:
        raise MissingExtraError(
            "MP4 needs PyAV, which is not installed. Install it with: pip install 'pia-edge[video]' or choose GIF, "
            "WebP or APNG, which need nothing else."
        ) from error
    try:
        Codec(_CODEC, "w")
    except UnknownCodecError as error:
        raise MissingExtraError(
            f"MP4 needs the encoder {_CODEC}, which this PyAV was built without. Install the one from PyPI with: "
            f"pip install --force-reinstall 'pia-edge[video]' or choose GIF, WebP or APNG."
        ) from error


def encode_mp4(frames: npt.NDArray[np.uint8], *, fps: float, text: str) -> bytes:
    """An H.264 video of `frames` uint8 (frames, height, width, 3) in 4:2:0 and BT.709, the index in front.

    `text` becomes the comment. 4:2:0 has no odd sizes: an odd side repeats its last row or column.

    Raises:
        MissingExtraError: see `require_video_extra`.
    """
    require_video_extra()
    even = np.pad(frames, ((0, 0), (0, frames.shape[1] % 2), (0, frames.shape[2] % 2), (0, 0)), mode="edge")
    # Moving the index to the front reopens the file by its name, so it cannot be written to memory.
    with tempfile.TemporaryDirectory(prefix="pia-edge-") as folder:
        path = Path(folder, "clip.mp4")
        _write(path, even, Fraction(fps).limit_denominator(1001), text)
        return path.read_bytes()


def _write(path: Path, frames: npt.NDArray[np.uint8], rate: Fraction, text: str) -> None:
    import av
    from av.video.reformatter import ColorRange, Colorspace

    options = {"movflags": "+faststart+use_metadata_tags"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        if text:
            container.metadata["comment"] = text
        stream = container.add_stream(_CODEC, rate=rate, options=_ENCODER)
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = _LIMITED_RANGE
        for index, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24").reformat(
                format="yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
                interpolation=_EXACT_CONVERSION,
            )
            frame.pts = index
            frame.time_base = 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
