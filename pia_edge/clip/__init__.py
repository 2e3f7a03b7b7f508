"""Clips out: the formats, and the recipe inside each."""

from pia_edge.clip.animation import Animation
from pia_edge.clip.embedded import read_recipe
from pia_edge.clip.formats import MAX_FPS, MAX_GIF_FPS, MIN_FPS, ClipFormat, check_output, clip_format_of, save_clip
from pia_edge.clip.recipe import Recipe, sha256_of_pixels

__all__ = [
    "MAX_FPS",
    "MAX_GIF_FPS",
    "MIN_FPS",
    "Animation",
    "ClipFormat",
    "Recipe",
    "check_output",
    "clip_format_of",
    "read_recipe",
    "save_clip",
    "sha256_of_pixels",
]
