"""HarfBuzz: a face opened for measuring and drawing, once in a process."""

from functools import cache
from typing import Any

from pipeline.fonts.prepared import Face


@cache
def opened(face: Face) -> Any:
    """The face as a font of HarfBuzz, in the units of its em."""
    import uharfbuzz  # noqa: PLC0415  lazy: a build that stops at an error needs none

    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.file)), face.index))
