"""Bundles: opening one, its manifest, and what is checked before any runtime sees a file of it."""

from pia_edge.bundle.names import MANIFEST
from pia_edge.bundle.opening import Bundle, describe_file, read_manifest, write_manifest

__all__ = ["MANIFEST", "Bundle", "describe_file", "read_manifest", "write_manifest"]
