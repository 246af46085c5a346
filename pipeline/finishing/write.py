"""Write: what the document says about itself, and its bytes as PDF/A-2a and PDF/UA-1 want them."""

import io
import re
import zlib
from functools import cache
from importlib.resources import files
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from pipeline.finishing.edition import Edition
from pipeline.finishing.xmp import PRODUCER, TOOL, packet

_PRINT = 4
"""The flag of an annotation that is printed and not hidden (ISO 19005-2, 6.3.2)."""

_DICTIONARIES = (Name.ViewerPreferences, Name.MarkInfo, Name.PageLabels, Name.OutputIntents, Name.Names)
"""Of the catalog; each may stand for itself or not."""
_ENDS_IN_CR = re.compile(rb"\r(?:\r\n|\n|\r)endstream")


def describe(document: Pdf, edition: Edition) -> None:
    """Metadata, language, title bar, colours and annotations (ISO 19005-2, 6.2.3, 6.6; ISO 14289-1, 7.1)."""
    root = document.Root
    root.Metadata = Stream(document, packet(edition), Type=Name.Metadata, Subtype=Name.XML)
    root.Lang = pikepdf.String(edition.lang)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.MarkInfo = Dictionary(Marked=True)
    root.OutputIntents = Array([_output_intent(document)])
    day = pikepdf.String(f"D:{edition.published:%Y%m%d}")
    document.trailer.Info = document.make_indirect(
        Dictionary(
            Title=pikepdf.String(edition.title),
            Creator=pikepdf.String(TOOL),
            Producer=pikepdf.String(PRODUCER),
            CreationDate=day,
            ModDate=day,
        )
    )
    if edition.creators:
        document.trailer.Info.Author = pikepdf.String(edition.author)
    if edition.subjects:
        document.trailer.Info.Keywords = pikepdf.String(edition.keywords)
    for page in document.pages:
        page.obj.Tabs = Name.S
        for annotation in page.obj.get(Name.Annots, ()):
            annotation.F = _PRINT


def _output_intent(document: Pdf) -> Any:
    profile = Stream(document, _srgb(), Filter=Name.FlateDecode, N=3)
    name = pikepdf.String("sRGB IEC61966-2.1")
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=name,
        Info=name,
        RegistryName=pikepdf.String("https://www.color.org"),
        DestOutputProfile=document.make_indirect(profile),
    )


@cache
def _srgb() -> bytes:
    """The sRGB profile of the International Color Consortium, which comes with the engine, compressed."""
    return zlib.compress((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), 9)


def written(document: Pdf) -> bytes:
    """The bytes of a document, the same for the same document.

    The last byte of a stream is no CR: it would be taken for a part of the line end before `endstream`
    (ISO 19005-2, 6.1.7.1). The last bytes of a compressed stream are a sum of what is in it, whatever the
    compression, so only another content ends otherwise: streams get a line end more, and object streams, which
    the writer makes, other objects when one more stands for itself.
    """
    data = _saved(document)
    if _ENDS_IN_CR.search(data):
        _end_otherwise(document)
        data = _saved(document)
    for key in _DICTIONARIES:
        if not _ENDS_IN_CR.search(data):
            return data
        if key in document.Root:
            document.Root[key] = document.make_indirect(document.Root[key])
            data = _saved(document)
    return _saved(document, pikepdf.ObjectStreamMode.disable) if _ENDS_IN_CR.search(data) else data


def _saved(document: Pdf, mode: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.generate) -> bytes:
    out = io.BytesIO()
    document.save(
        out,
        deterministic_id=True,
        fix_metadata_version=False,  # it would write the packet anew
        object_stream_mode=mode,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    return out.getvalue()


def _end_otherwise(document: Pdf) -> None:
    """Put something without meaning behind the content of the streams that end in a CR; zeros would not do."""
    for stream in document.objects:
        if not isinstance(stream, Stream) or not stream.read_raw_bytes().endswith(b"\r"):
            continue
        data = stream.read_bytes() + (b"\0\0\0\1" if Name.Length1 in stream else b"\n")
        if Name.Length1 in stream:
            stream.Length1 = len(data)
        stream.write(zlib.compress(data), filter=Name.FlateDecode)
