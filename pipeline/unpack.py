"""A zip that somebody else may have written, unpacked in memory within limits."""

import io
import struct
import zipfile
import zlib

MOST_BYTES = 500_000_000
"""What the files of a zip may hold together; more is not unpacked."""
MOST_FILES = 20_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError, NotImplementedError, OSError,
    OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What `zipfile` raises on damaged data; it promises only the first."""


class UnpackError(Exception):
    """A zip that can't be unpacked; says why."""


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a zip by their path in it, in its order, without folders.

    Stored and deflated files only, each name once (EPUB 3.3, 4.2). Raises `UnpackError`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            _refuse(infos)
            return {info.filename: archive.read(info) for info in infos}
    except _FAULTS as error:
        raise UnpackError(str(error) or type(error).__name__) from error


def _refuse(infos: list[zipfile.ZipInfo]) -> None:
    """Raise for what is not read: too much, names given twice, other methods, encryption."""
    size = sum(info.file_size for info in infos)
    if size > MOST_BYTES or len(infos) > MOST_FILES:
        raise UnpackError(f"{len(infos)} files of {size} bytes unpacked: too much")
    names: set[str] = set()
    for info in infos:
        if info.filename in names:
            raise UnpackError(f"two files are called {info.filename}")
        names.add(info.filename)
        if info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED:
            raise UnpackError(f"{info.filename} is encrypted or compressed by another method than deflate")
