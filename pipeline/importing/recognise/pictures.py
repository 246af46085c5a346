"""Pictures: those of a manuscript under names of their own, in a format that a brief can show."""

import hashlib
import io
import tempfile
from pathlib import Path

from PIL import Image

from pipeline.diagnostics import Words
from pipeline.validate.files import picture_problem

_SUFFIXES = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"))
_MOST_PIXELS = 100_000_000


def usable(data: bytes) -> tuple[str, bytes] | Words:
    """The name for a picture in `figures/` and its bytes; or why it can't be used.

    The name comes from the bytes, so that the same picture has it in every import. What is no PNG, JPEG or SVG
    becomes a PNG where it can.
    """
    suffix = _suffix(data)
    if not suffix:
        converted = _as_png(data)
        if converted is None:
            return Words("不是能用的圖檔格式（例如EMF、WMF）", "is in a format that can't be used (as EMF, WMF)")
        data, suffix = converted, ".png"
    if (problem := _problem(data, suffix)) is not None:
        return problem
    return f"fig-{hashlib.sha256(data).hexdigest()[:8]}{suffix}", data


def _suffix(data: bytes) -> str:
    for magic, suffix in _SUFFIXES:
        if data.startswith(magic):
            return suffix
    return ".svg" if b"<svg" in data[:2000] else ""


def _as_png(data: bytes) -> bytes | None:
    try:
        with Image.open(io.BytesIO(data), formats=("GIF", "BMP", "TIFF", "WEBP")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            made = io.BytesIO()
            picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB").save(
                made, "PNG"
            )
            return made.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, EOFError):
        return None


def _problem(data: bytes, suffix: str) -> Words | None:
    """What the check of figures will say of a picture."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"picture{suffix}"
        path.write_bytes(data)
        problem = picture_problem(path)
    return problem.reason if problem is not None else None
