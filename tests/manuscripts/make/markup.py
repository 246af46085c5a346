"""Manuscripts in Markdown, HTML and plain text, and what pandoc makes of Markdown."""

# ruff: noqa: E501  markup reads better unbroken

import base64
import subprocess
import zipfile
from html import escape
from io import BytesIO
from pathlib import Path

import pypandoc
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.manuscripts.make.habits import Habits, Line, lines, note_spans
from tests.manuscripts.make.pictures import chart
from tests.manuscripts.notation import RAISED, Expected, Row, Span, Spans

# Markdown


def markdown(wanted: Expected, habits: Habits, *, front_matter: bool = False) -> str:
    """The manuscript in Markdown, notes as pandoc and most editors write them."""
    out: list[str] = []
    if front_matter:
        authors = "".join(f"\n  - {name}" for name, _ in wanted.authors)
        out.append(
            f"---\ntitle: {wanted.title}\nsubtitle: {wanted.subtitle}\nauthor:{authors}\nlang: zh-TW\n---\n"
        )
    last = ""
    for line in lines(wanted, habits):
        if last == "quote" and line.kind in ("quote", "attrib"):
            out.append(">")
        elif out and not (line.kind == last and line.look.auto):
            out.append("")
        out.append(_markdown_block(line))
        last = line.kind
    if not habits.typed_notes:
        out.append("")
        out += [f"[^{n}]: {_markdown(note_spans(wanted, n, habits))}" for n in range(1, len(wanted.notes) + 1)]
    return "\n".join(out) + "\n"


def _markdown_block(line: Line) -> str:
    text, look = _markdown(line.spans), line.look
    if line.kind == "table":
        return _markdown_table(line.rows)
    if line.kind == "picture":
        return f"![](chart-{line.number}.png)"
    level = 1 if look.style == "Title" else int(look.style[-1]) if look.style.startswith("Heading") else 0
    before = "#" * level + " " if level else "> " if line.kind in ("quote", "attrib") else ""
    before += {"bullet": "* ", "order": f"{line.number}. "}.get(look.auto, "")
    return f"{before}**{text}**" if look.bold else f"{before}{text}"


def _markdown(spans: Spans) -> str:
    return "".join(_markdown_span(span) for span in spans)


def _markdown_span(span: Span) -> str:
    if span.call > 0:
        return f"[^{span.call}]"
    if span.call == RAISED:
        return f"<sup>{span.text}</sup>"
    if span.href:
        return f"<{span.href}>" if span.href == span.text else f"[{span.text}]({span.href})"
    return f"*{span.text}*" if span.italic else span.text


def _markdown_table(rows: tuple[Row, ...]) -> str:
    found = []
    for row in rows:
        found.append("| " + " | ".join(_markdown(cell) for cell in row.cells) + " |")
        if row.header:
            found.append("|" + " --- |" * len(row.cells))
    return "\n".join(found)


def write_markdown(wanted: Expected, habits: Habits, *, front_matter: bool = False) -> None:
    """Write the Markdown file of `wanted`."""
    wanted.path.write_text(markdown(wanted, habits, front_matter=front_matter), encoding="utf-8")


# Pandoc


def write_pandoc(
    wanted: Expected, habits: Habits, *options: str, front_matter: bool = True, reference: bytes | None = None
) -> None:
    """Write `wanted` as Markdown and let pandoc make the file of it; `reference` is a reference document."""
    folder = wanted.path.parent
    text = markdown(wanted, habits, front_matter=front_matter)
    pictures = [folder / f"chart-{n}.png" for n in range(1, 4) if f"chart-{n}.png" in text]
    for number, picture in enumerate(pictures, 1):
        picture.write_bytes(chart(number))
    arguments = [
        pypandoc.get_pandoc_path(),
        "--from",
        "markdown-implicit_figures",
        "--standalone",
        "-o",
        wanted.path.name,
        *options,
    ]
    style = folder / "reference.docx"
    if reference:
        style.write_bytes(reference)
        arguments += ["--reference-doc", style.name]
    environment = {"SOURCE_DATE_EPOCH": "1789000000", "LANG": "C.UTF-8"}
    subprocess.run(arguments, input=text.encode(), check=True, cwd=folder, env=environment)
    for each in (*pictures, style):
        each.unlink(missing_ok=True)


def house_reference(*, font: str = "標楷體", heading: str = "微軟正黑體") -> bytes:
    """A reference document as an office makes one: its own fonts and sizes in the styles of pandoc."""
    default = subprocess.run(
        [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"],
        check=True,
        capture_output=True,
    ).stdout
    document = Document(BytesIO(default))
    for style in document.styles:
        face = heading if style.name and style.name.startswith(("Heading", "Title")) else font
        if style.type == 1:
            style.font.name = face
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Body Text"].paragraph_format.first_line_indent = Pt(24)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


# HTML


def html(wanted: Expected, habits: Habits, kind: str = "plain") -> str:
    """The manuscript in HTML: plain, as Word saves filtered HTML, or as Google Docs exports it."""
    found, index = list(lines(wanted, habits)), 0
    body = ""
    while index < len(found):
        line = found[index]
        if line.look.auto in ("bullet", "order"):
            end = index
            while end < len(found) and (
                found[end].kind == line.kind or (found[end].look.auto and found[end].level > line.level)
            ):
                end += 1
            body += _html_list(found[index:end], kind)
            index = end
            continue
        if line.kind in ("quote", "attrib") and kind == "plain":
            end = index
            while end < len(found) and found[end].kind in ("quote", "attrib"):
                end += 1
            inside = "".join(f"<p>{_html(each.spans, kind)}</p>\n" for each in found[index:end])
            body += f"<blockquote>\n{inside}</blockquote>\n"
            index = end
            continue
        body += _html_line(line, kind)
        index += 1
    notes = ""
    if not habits.typed_notes:
        notes = "".join(_html_note(wanted, n, habits, kind) for n in range(1, len(wanted.notes) + 1))
    if notes and kind == "word":
        notes = f'<div><br clear=all>\n<hr align=left size=1 width="33%">\n{notes}</div>\n'
    elif notes and kind == "google":
        notes = f'<hr class="c9">\n{notes}'
    elif notes:
        notes = f'<section id="footnotes" class="footnotes" role="doc-endnotes">\n<hr>\n<ol>\n{notes}</ol>\n</section>\n'
    return _page(wanted, body, notes, kind)


def _page(wanted: Expected, body: str, notes: str, kind: str) -> str:
    if kind == "word":
        return (
            '<html>\n<head>\n<meta http-equiv=Content-Type content="text/html; charset=utf-8">\n'
            '<meta name=Generator content="Microsoft Word 15 (filtered)">\n<style>\n<!--\n'
            " @font-face\n\t{font-family:標楷體;\n\tpanose-1:3 0 5 9 0 0 0 0 0 0;}\n p.MsoNormal, li.MsoNormal\n\t{margin:0cm;\n"
            '\tfont-size:12.0pt;\n\tfont-family:"Calibri",sans-serif;}\n p.MsoFootnoteText\n\t{font-size:10.0pt;}\n'
            " @page WordSection1\n\t{size:595.3pt 841.9pt;}\n-->\n</style>\n</head>\n\n"
            f"<body lang=ZH-TW link=blue style='text-justify-trim:punctuation'>\n\n<div class=WordSection1>\n\n{body}</div>\n\n{notes}"
            "</body>\n\n</html>\n"
        )
    if kind == "google":
        return (
            '<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><style type="text/css">'
            ".c0{font-weight:700}.c1{font-style:italic}.c2{padding-top:0pt;line-height:1.15}.c9{page-break-before:always}"
            f'ol{{margin:0;padding:0}}</style></head><body class="c5 doc-content">{body}{notes}</body></html>'
        )
    return (
        f'<!DOCTYPE html>\n<html lang="zh-Hant">\n<head>\n<meta charset="utf-8">\n<title>{escape(wanted.title)}</title>\n</head>\n'
        f"<body>\n{body}{notes}</body>\n</html>\n"
    )


def _html_list(items: list[Line], kind: str) -> str:
    """A list, with the deeper ones inside its items."""
    tag = "ul" if items[0].look.auto == "bullet" else "ol"
    inside, index = "", 0
    while index < len(items):
        end = index + 1
        while end < len(items) and items[end].level > items[0].level:
            end += 1
        deeper = _html_list(items[index + 1 : end], kind) if end > index + 1 else ""
        inside += f"<li>{_html(items[index].spans, kind)}{deeper}</li>\n"
        index = end
    return f"<{tag}>\n{inside}</{tag}>\n"


def _html_line(line: Line, kind: str) -> str:
    text = _html(line.spans, kind)
    if line.kind == "table":
        return _html_table(line.rows, kind)
    if line.kind == "picture":
        data = base64.b64encode(chart(line.number)).decode()
        return f'<p><img src="data:image/png;base64,{data}" alt="" width="160"></p>\n'
    if line.look.style.startswith("Heading"):
        level = line.look.style[-1]
        return f"<h{level}>{text}</h{level}>\n"
    if line.look.style == "Title" and kind == "plain":
        return f"<h1>{text}</h1>\n"
    if kind == "word":
        return _word_line(line, text)
    if kind == "google":
        name = {"Title": "c7 title", "Subtitle": "c7 subtitle"}.get(line.look.style, "c2")
        indent = (
            f' style="margin-left:{line.look.left:g}pt;margin-right:{line.look.left:g}pt"'
            if line.look.left
            else ""
        )
        return f'<p class="{name}"{indent}>{text}</p>'
    return f"<p>{f'<b>{text}</b>' if line.look.bold else text}</p>\n"


def _word_line(line: Line, text: str) -> str:
    look, style = line.look, ""
    if look.align:
        style += f"text-align:{look.align};"
    if look.left:
        style += f"margin-left:{look.left:.1f}pt;margin-right:{look.right:.1f}pt;"
    if look.first:
        style += f"text-indent:{look.first:.1f}pt;"
    name = {"Title": "MsoTitle", "Subtitle": "MsoSubtitle", "Caption": "MsoCaption", "Quote": "MsoQuote"}.get(
        look.style, "MsoNormal"
    )
    inner = ""
    if look.size:
        inner += f"font-size:{look.size:.1f}pt;"
    if look.font:
        inner += f"font-family:{look.font};"
    if inner:
        text = f"<span lang=ZH-TW style='{inner.rstrip(';')}'>{text}</span>"
    if look.bold:
        text = f"<b>{text}</b>"
    attribute = f" style='{style.rstrip(';')}'" if style else ""
    return f"<p class={name}{attribute}>{text}</p>\n\n"


def _html(spans: Spans, kind: str) -> str:
    return "".join(_html_span(span, kind) for span in spans)


def _html_span(span: Span, kind: str) -> str:
    n = span.call
    if n > 0:
        return {
            "word": f'<a href="#_ftn{n}" name="_ftnref{n}" title=""><span class=MsoFootnoteReference><span lang=EN-US>'
            f"<span class=MsoFootnoteReference><span lang=EN-US style='font-size:12.0pt'>[{n}]</span></span></span></span></a>",
            "google": f'<sup><a href="#ftnt{n}" id="ftnt_ref{n}">[{n}]</a></sup>',
            "plain": f'<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>',
        }[kind]
    text = escape(span.text, quote=False)
    if n == RAISED:
        return f"<sup>{text}</sup>"
    if span.italic:
        text = f'<span class="c1">{text}</span>' if kind == "google" else f"<i>{text}</i>"
    if span.lang:
        text = f'<span lang="{span.lang}">{text}</span>'
    if span.href:
        return f'<a href="{escape(span.href)}">{text}</a>'
    if kind == "google" and not span.italic:
        return f'<span class="c3">{text}</span>'
    if kind == "word" and not span.lang:
        return f"<span lang=ZH-TW>{text}</span>"
    return text


def _html_note(wanted: Expected, n: int, habits: Habits, kind: str) -> str:
    text = _html(note_spans(wanted, n, habits), kind)
    if kind == "word":
        return (
            f'<div id=ftn{n}>\n\n<p class=MsoFootnoteText><a href="#_ftnref{n}" name="_ftn{n}" title=""><span class=MsoFootnoteReference>'
            f"<span lang=EN-US>[{n}]</span></span></a><span lang=EN-US> </span>{text}</p>\n\n</div>\n\n"
        )
    if kind == "google":
        return f'<div><p class="c4"><a href="#ftnt_ref{n}" id="ftnt{n}">[{n}]</a><span class="c8">&nbsp;</span>{text}</p></div>'
    return (
        f'<li id="fn{n}"><p>{text}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a></p></li>\n'
    )


def _html_table(rows: tuple[Row, ...], kind: str) -> str:
    found = ""
    for r, row in enumerate(rows):
        cells = ""
        for c, cell in enumerate(row.cells):
            if row.merged[c]:
                continue
            width = next((n for n, mark in enumerate(row.merged[c + 1 :], 1) if mark != "<"), len(row.cells) - c)
            height = next((n for n, other in enumerate(rows[r + 1 :], 1) if other.merged[c] != "^"), len(rows) - r)
            spans = (f" colspan={width}" if width > 1 else "") + (f" rowspan={height}" if height > 1 else "")
            tag = "th" if row.header and kind == "plain" else "td"
            cells += f"<{tag}{spans}>{_html(cell, kind)}</{tag}>"
        found += f"<tr>{cells}</tr>\n"
    return f"<table border=1>\n{found}</table>\n"


def write_html(wanted: Expected, habits: Habits, kind: str = "plain") -> None:
    """Write the HTML file of `wanted`."""
    wanted.path.write_text(html(wanted, habits, kind), encoding="utf-8")


def write_mail(wanted: Expected, habits: Habits) -> None:
    """Write `wanted` as a mail program does: one division, paragraphs parted by two breaks."""
    found = []
    for line in lines(wanted, habits):
        text = _html(line.spans, "plain")
        found.append(f"<b>{text}</b>" if line.look.bold else text)
    body = "<br>\n<br>\n".join(found)
    wanted.path.write_text(
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
        f'<body><div dir="ltr" style="font-family:微軟正黑體,sans-serif">{body}<br>\n</div></body></html>\n',
        encoding="utf-8",
    )


# Plain text


def write_text(
    wanted: Expected, habits: Habits, *, blank_lines: bool = True, encoding: str = "utf-8", wrap: int = 0
) -> None:
    """Write the plain text of `wanted`; `wrap` breaks paragraphs into lines of so many characters (an old mail program)."""
    found = []
    for line in lines(wanted, habits):
        if line.kind == "table":
            found += ["\t".join("".join(s.text for s in cell) for cell in row.cells) for row in line.rows]
            continue
        text = "".join(span.text if span.call <= 0 else "" for span in line.spans)
        if wrap:
            text = "\n".join(text[at : at + wrap] for at in range(0, len(text), wrap))
        found.append(text)
    wanted.path.write_bytes(("\n\n" if blank_lines else "\n").join(found).encode(encoding) + b"\n")


def without_clock(path: Path) -> None:
    """Give the members of a zip one fixed time."""
    with zipfile.ZipFile(path) as made:
        members = [(each.filename, made.read(each)) for each in made.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 14, 10, 32, 0)), data, zipfile.ZIP_DEFLATED)
