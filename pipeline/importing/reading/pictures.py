"""Pictures of a Markdown or HTML manuscript: in its text (`data:`), or in files beside it."""

import base64
import binascii
import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from pipeline.manuscript import within

_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/svg+xml": "svg",
    "image/webp": "webp", "image/tiff": "tif",
}  # fmt: skip
_MOST_BYTES = 50_000_000


@dataclass
class Pictures:
    """The pictures of a manuscript, read when they are asked for."""

    manuscript: Path
    media: dict[str, bytes] = field(default_factory=dict)

    def name(self, address: str) -> str | None:
        """The name of a picture in `media`; None where it is on the web, outside the folder, or missing."""
        if address.lower().startswith("data:"):
            return self._in_text(address)
        path = within(self.manuscript.parent, unquote(address))
        try:
            if path is None or not path.is_file() or path.stat().st_size > _MOST_BYTES:
                return None
            return self._kept(posixpath.basename(path.as_posix()), path.read_bytes())
        except (OSError, ValueError):
            return None

    def _in_text(self, address: str) -> str | None:
        about, comma, content = address[5:].partition(",")
        kind, *rest = (each.strip().lower() for each in about.split(";"))
        if not comma or kind not in _ENDINGS:
            return None
        try:
            data = base64.b64decode(unquote(content)) if "base64" in rest else unquote_to_bytes(content)
        except (binascii.Error, ValueError):
            return None
        return self._kept(f"picture.{_ENDINGS[kind]}", data)

    def _kept(self, name: str, data: bytes) -> str:
        """Keep the bytes under a name; the same bytes once."""
        stem, dot, ending = name.rpartition(".")
        candidate, copies = name, 2
        while self.media.get(candidate, data) != data:
            candidate = f"{stem}-{copies}{dot}{ending}"
            copies += 1
        self.media[candidate] = data
        return candidate
