"""Archives of Debian and npm, fetched and unpacked; what they hold is known beforehand by its sha256."""

import hashlib
import io
import tarfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Archive:
    url: str
    sha256: str


class ContentError(Exception):
    """What was fetched is not what is known."""


def files_in(archive: Archive) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield the path and the content of every file in ``archive``.

    Raises:
        ContentError: it is another one.
        OSError: it cannot be fetched.
    """
    with urllib.request.urlopen(archive.url) as answer:
        content = answer.read()
    found = hashlib.sha256(content).hexdigest()
    if found != archive.sha256:
        raise ContentError(f"{archive.url}: expected sha256 {archive.sha256}, found {found}. Nothing was unpacked.")
    tar_bytes = _package_data(content) if archive.url.endswith(".deb") else content
    with tarfile.open(fileobj=io.BytesIO(tar_bytes)) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield PurePosixPath(member.name.removeprefix("./")), stream.read()


def _package_data(content: bytes) -> bytes:
    """Return data.tar.xz of a Debian package: an ar archive, headers of 60 bytes, files padded to even length."""
    offset = 8
    while offset < len(content):
        name, size = content[offset : offset + 16].strip(), int(content[offset + 48 : offset + 58])
        if name.startswith(b"data.tar"):
            return content[offset + 60 : offset + 60 + size]
        offset += 60 + size + size % 2
    raise ContentError("A Debian package holds data.tar, found none.")
