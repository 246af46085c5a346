"""Subsets: small fonts with only the characters of a text, for the EPUB and the engine."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pipeline.fonts.names import rename
from pipeline.fonts.prepared import ALTERNATES, Face


def subset(
    face: Path | Face,
    text: Iterable[int],
    family: str | None = None,
    *,
    output: Literal["ttf", "woff2"] = "ttf",
    keep_glyph_ids: bool = False,
) -> bytes:
    """A font with only the characters of `text` (code points), their alternates and all layout features.

    Those for squeezing a line (`ALTERNATES`) stay only with `keep_glyph_ids`.
    The same input gives the same bytes. `family` renames the font; without it the prepared name stays.
    ttf takes milliseconds, woff2 is half the size but takes seconds.
    `keep_glyph_ids` leaves every glyph its number, which a font for the PDF engine needs (else GID ≠ CID).
    """
    import uharfbuzz as hb  # noqa: PLC0415

    file, index = (face.file, face.index) if isinstance(face, Face) else (face, 0)
    wish = hb.SubsetInput()
    wish.unicode_set.update(set(text))
    wish.name_id_set.clear()
    wish.name_id_set.invert()
    wish.layout_feature_tag_set.clear()
    wish.layout_feature_tag_set.invert()
    left_out = {"aalt"}  # it would pull in every alternate of every glyph
    if not keep_glyph_ids:
        left_out |= set(ALTERNATES)  # only our own composer asks for them
    for tag in left_out:
        wish.layout_feature_tag_set.discard(int.from_bytes(tag.encode(), "big"))
    wish.flags = hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_BIDI_CLOSURE
    if keep_glyph_ids:
        wish.flags |= hb.SubsetFlags.RETAIN_GIDS
    small = hb.subset(hb.Face(hb.Blob.from_file_path(str(file)), index), wish)
    data = bytes(small.blob.data)
    return data if family is None and output == "ttf" else _rewritten(data, family, output)


def _rewritten(data: bytes, family: str | None, output: Literal["ttf", "woff2"]) -> bytes:
    """A small font with another family name, or as woff2."""
    from io import BytesIO  # noqa: PLC0415

    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font = TTFont(BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    if family is not None:
        italic = font["OS/2"].fsSelection & 1
        rename(font, family, font["OS/2"].usWeightClass, "italic" if italic else "normal")
    font.flavor = "woff2" if output == "woff2" else None
    written = BytesIO()
    font.save(written, reorderTables=False)
    return written.getvalue()
