"""Check files against the schema, and say each mistake in the reader's words.

lxml decides in the process whether a file is valid; a valid file costs nothing more. For an invalid one jing
(where there is Java) or the walk in `mistakes` finds the places; both end in the same messages.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from lxml import etree

from pipeline.diagnostics import Code, Diagnostic, Words
from pipeline.parse import HREF, LANG, Source
from pipeline.validate import jing, mistakes
from pipeline.validate.grammar import EMPTY, SCHEMAS, Attribute, Grammar, grammar
from pipeline.validate.mistakes import INSTEAD, TEXT, Mistake, meant

_WHY_PROFILE = Words(
    "一件事只有一種標法，版面、電子書與典藏檔才會一致（取自JATS 1.1；各元素見 kan elements）。",
    "There is one way to mark up each thing, so that every edition agrees (from JATS 1.1; see kan elements).",
)
_WHY_ORDER = Words(
    "元素的次序依JATS 1.1，典藏檔才能原樣交換。",
    "The order is that of JATS 1.1, so that the archive copy can be exchanged as it is.",
)

UNKNOWN_ELEMENT = Code(
    "S001",
    title=Words("沒有這個元素", "unknown element"),
    message=Words("這個格式沒有 <{name}> 這個元素", "there is no element <{name}> in this format"),
    hint=Words("{advice}", "{advice}"),
    why=_WHY_PROFILE,
    bad="<sec><titel>前言</titel>…</sec>",
    good="<sec><title>前言</title>…</sec>",
)
MISPLACED_ELEMENT = Code(
    "S002",
    title=Words("元素不能放在這裡", "element not allowed here"),
    message=Words("<{name}> 不能放在 <{parent}> 的這個位置", "<{name}> is not allowed here in <{parent}>"),
    hint=Words("{advice}", "{advice}"),
    why=_WHY_PROFILE,
    bad="<p>第一段<p>第二段</p></p>",
    good="<p>第一段</p><p>第二段</p>",
)
MISSING_ELEMENT = Code(
    "S003",
    title=Words("缺少元素", "element missing"),
    message=Words("<{parent}> 缺少 {missing}", "<{parent}> lacks {missing}"),
    hint=Words("在 {where} 之前補上 {example}", "add {example} before {where}"),
    why=_WHY_PROFILE,
    bad='<fig><caption>…</caption><graphic xlink:href="figures/a.png"/></fig>',
    good='<fig><caption>…</caption><alt-text>…</alt-text><graphic xlink:href="figures/a.png"/></fig>',
)
UNKNOWN_ATTRIBUTE = Code(
    "S004",
    title=Words("沒有這個屬性", "unknown attribute"),
    message=Words("<{element}> 沒有「{name}」這個屬性", "<{element}> has no attribute {name}"),
    hint=Words("{advice}", "{advice}"),
    why=_WHY_PROFILE,
    bad='<sec type="unnumbered"><title>附記</title>…</sec>',
    good='<sec specific-use="unnumbered"><title>附記</title>…</sec>',
)
MISSING_ATTRIBUTE = Code(
    "S005",
    title=Words("缺少屬性", "attribute missing"),
    message=Words("<{element}> 缺少屬性「{name}」", "<{element}> lacks the attribute {name}"),
    hint=Words('寫成 <{element} {name}="{example}" …>：{meaning}', 'write <{element} {name}="{example}" …>'),
    why=_WHY_PROFILE,
    bad="<fn><p>…</p></fn>",
    good='<fn id="fn1"><p>…</p></fn>',
)
WRONG_VALUE = Code(
    "S006",
    title=Words("值不能用", "value not allowed"),
    message=Words("{what}不能是「{value}」", "{what} can't be “{value}”"),
    hint=Words("{advice}", "{advice}"),
    why=_WHY_PROFILE,
    bad='<xref ref-type="figure" rid="f1"/>',
    good='<xref ref-type="fig" rid="f1"/>',
)
TEXT_NOT_ALLOWED = Code(
    "S007",
    title=Words("這裡不能直接打文字", "text not allowed here"),
    message=Words(
        "<{parent}> 裡不能直接打文字：「{text}」", "text is not allowed directly in <{parent}>: “{text}”"
    ),
    hint=Words("{advice}", "{advice}"),
    why=_WHY_PROFILE,
    bad='如<xref ref-type="fig" rid="f1">圖1</xref>所示',
    good='如<xref ref-type="fig" rid="f1"/>所示',
)
WRONG_ORDER = Code(
    "S008",
    title=Words("次序不對", "wrong order"),
    message=Words("<{name}> 應該放在 <{before}> 之前", "<{name}> must come before <{before}>"),
    hint=Words("把 <{name}> 整個移到 <{before}> 之前", "move <{name}> to before <{before}>"),
    why=_WHY_ORDER,
    bad='<fig>…<graphic xlink:href="figures/a.png"/><alt-text>…</alt-text></fig>',
    good='<fig>…<alt-text>…</alt-text><graphic xlink:href="figures/a.png"/></fig>',
)
OTHERWISE_INVALID = Code(
    "S009",
    title=Words("不合格式", "not valid"),
    message=Words("這裡不合格式：{reason}", "this is not valid: {reason}"),
    hint=Words("對照 kan elements 印出的說明，檢查這個元素", "compare this element with what kan elements prints"),
    why=_WHY_PROFILE,
    bad="（驗證程式說檔案不合格式，而我們的訊息沒有涵蓋的情形）",
)

_GENERATED = Words(
    "編號與標號由程式產生：刪去 <{name}> 與其中的文字",
    "numbers and labels are generated: delete <{name}> and its text",
)
_IN_ISSUE = Words("<{name}> 屬於整期，寫在 issue.xml，這裡刪去", "<{name}> belongs to issue.xml: delete it here")
_IN_NOTE = Words(
    '書目放在註裡：<fn id="…"><p><mixed-citation publication-type="…">…</mixed-citation></p></fn>',
    'put it into a note: <fn id="…"><p><mixed-citation publication-type="…">…</mixed-citation></p></fn>',
)
_INLINE_NOTES = Words(
    "沒有書末註：註 <fn> 直接寫在正文裡註號的位置",
    "there are no endnotes: write each <fn> in the text, where its call stands",
)
_LINK = Words(
    '連結寫成 <ext-link ext-link-type="uri" xlink:href="https://…">文字</ext-link>',
    'write links as <ext-link ext-link-type="uri" xlink:href="https://…">text</ext-link>',
)
_FIGURE = Words(
    "圖寫成 <fig>，裡面依次是 <caption>、<alt-text>、<graphic>，放在段落之外",
    "write pictures as <fig> with <caption>, <alt-text>, <graphic>, outside paragraphs",
)
_PARAGRAPH = Words(
    "另起一段用 <p>；題名在哪裡換行由版面決定",
    "start another <p>; where a title breaks is up to the layout",
)
_EMPHASIS = Words(
    '書名用《》，強調用 <styled-content style-type="emphasis-mark">（著重號）',
    'mark titles with 《》 and emphasis with <styled-content style-type="emphasis-mark">',
)
_SPAN = Words(
    '外文用 <named-content xml:lang="…">，著重號用 <styled-content style-type="emphasis-mark">',
    'use <named-content xml:lang="…"> or <styled-content style-type="emphasis-mark">',
)
_AS_FIGURE = Words(
    "這個格式沒有數學式的元素；請做成圖（<fig>）並寫替代文字",
    "this format has no formulas: make it a figure with an alt-text",
)
_HEADING = Words(
    "標題寫成 <sec><title>…</title>…</sec>，一節一個 <sec>",
    "write headings as <sec><title>…</title>…</sec>",
)
_ADVICE = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "heading"), _HEADING),
    "label": _GENERATED,
    **dict.fromkeys(("journal-meta", "pub-date", "volume", "issue", "publisher", "issue-meta"), _IN_ISSUE),
    **dict.fromkeys(("ref-list", "ref", "element-citation", "nlm-citation", "citation"), _IN_NOTE),
    **dict.fromkeys(("back", "fn-group"), _INLINE_NOTES),
    **dict.fromkeys(("a", "uri", "email", "link"), _LINK),
    **dict.fromkeys(("img", "inline-graphic", "figure", "media", "fig-group"), _FIGURE),
    **dict.fromkeys(("br", "break", "hr"), _PARAGRAPH),
    **dict.fromkeys(("u", "underline", "sc", "strike"), _EMPHASIS),
    "span": _SPAN,
    **dict.fromkeys(("disp-formula", "inline-formula", "math", "tex-math"), _AS_FIGURE),
}

_NO_NOTE_IN_NOTE = Words(
    "註裡不可再有註：把內容併進這個註，或在正文另放一個註",
    "a note can't hold a note: merge the two, or put another note into the text",
)
_NOTE_NOT_PRINTED = Words(
    "<{parent}> 裡的註號不會印出來：把註移到正文或題名 <article-title>",
    "a note call in <{parent}> is never printed: move the note into the text or <article-title>",
)
_NOTE_OUTSIDE = Words(
    "註號不跟著變樣式：把 <fn> 移到 </{parent}> 之後",
    "a note call keeps its own style: move the <fn> after </{parent}>",
)
_ONLY_ONE = Words("一個 <{parent}> 只能有一個 <{name}>", "a <{parent}> has only one <{name}>")
_SECTIONS_LAST = Words(
    "同一層裡，段落、圖、表要放在分節 <sec> 之前；或把它放進前面那一節裡",
    "at one level, paragraphs, figures and tables come before the <sec>s; or put it into the section before",
)
_BLOCK_IN_TEXT = Words(
    "<{name}> 自成一段：先用 </p> 結束這一段，再放 <{name}>",
    "<{name}> stands by itself: end the paragraph with </p> first",
)
_IN_PARAGRAPH = Words("把文字放進段落：<p>…</p>", "put the text into a paragraph: <p>…</p>")
_TEXT_GENERATED = Words(
    "刪去文字，只留 <xref …/>；文字由程式產生", "delete the text: <xref …/> is empty, its text is generated"
)
_TEXT_EMPTY = Words("<{parent}> 是空元素：刪去文字", "<{parent}> is empty: delete the text")
_MAYBE = Words("是不是想打 <{name}>？{more}", "did you mean <{name}>? {more}")
_SMALL_LETTERS = Words("標籤分大小寫，一律用小寫", "tags are written in small letters")
_MAYBE_NAME = Words("是不是想打 {name}？{more}", "did you mean {name}? {more}")
_USE = Words("請用 <{name}>", "use <{name}>")
_ROOT = Words(
    "這個檔案最外層的標籤應該是 <{name}>：檢查是不是放錯了檔案",
    "the root element of this file should be <{name}>: is it the right file?",
)
_ALLOWED = Words("這裡可以放：{names}", "allowed here: {names}")
_NOTHING = Words("這裡不能再放任何元素", "nothing more is allowed here")
_ATTRIBUTES = Words("還可以用的屬性：{names}", "attributes that may still be used: {names}")
_NO_ATTRIBUTES = Words("<{element}> 沒有其他屬性可用：刪去它", "<{element}> takes no other attribute: delete it")
_VALUES = Words("可用的值：{names}", "allowed values: {names}")
_NAMESPACE = Words(
    '刪去 xmlns="…"：這個格式的元素不屬於任何命名空間', 'delete xmlns="…": elements are in no namespace'
)

_MARKS = {"italic", "bold", "sup", "sub", "named-content", "styled-content", "ext-link", "ruby", "rb", "rt"}
_BLOCKS = {"p", "disp-quote", "list", "fig", "table-wrap", "sec"}
_LISTED = 10
_EXAMPLES = {
    "id": "fn1",
    LANG: "en",
    HREF: "https://…",
    "rid": "fn1",
    "iso-8601-date": "2025-08-22",
    "article-type": "research-article",
    "publication-type": "news",
    "href": "…",
    "alt": "…",
}


def schema_diagnostics(sources: Sequence[Source], kind: str, *, use_java: bool = True) -> list[Diagnostic]:
    """What is wrong with files of one kind ("brief" or "issue") by its schema; nothing when all are valid.

    Without Java, or with `use_java=False`, the places come from the walk over the tree.
    """
    invalid = [source for source in sources if not _relaxng(kind).validate(source.root)]
    if not invalid:
        return []
    schema = grammar(kind)
    found = [mistakes.find_mistakes(source, schema) for source in invalid]
    by_jing = jing.find_mistakes(invalid, kind) if use_java else None
    if by_jing is not None:
        found = [mistakes.agreed(*both) for both in zip(by_jing, found, strict=True)]
    diagnostics: list[Diagnostic] = []
    for source, mistaken in zip(invalid, found, strict=True):
        settled = mistakes.settle(mistaken, schema)
        diagnostics += [_say(mistake, source, schema) for mistake in settled] or [_as_lxml_says(source, kind)]
    return diagnostics


@cache
def _relaxng(kind: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS[kind]))


def _as_lxml_says(source: Source, kind: str) -> Diagnostic:
    """The first message of lxml, for a mistake that nothing else found."""
    validator = _relaxng(kind)
    validator.validate(source.root)
    first = validator.error_log[0]
    at = source.root.xpath(first.path) if first.path else []
    node = at[0] if isinstance(at, list) and at and isinstance(at[0], etree._Element) else source.root
    return OTHERWISE_INVALID.at(source.place(node), reason=first.message)


def _say(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    """One mistake as a diagnostic, at its exact place."""
    node, tag = mistake.node, _shown(str(mistake.node.tag))
    match mistake.kind:
        case "element":
            return _element(mistake, source, schema)
        case "missing":
            return _missing(mistake, source, schema)
        case "order":
            return WRONG_ORDER.at(source.place(node), name=tag, before=mistake.expected[0])
        case "attribute":
            place = source.attribute_place(node, mistake.name)
            advice = _attribute_advice(mistake)
            return UNKNOWN_ATTRIBUTE.at(place, element=tag, name=_shown(mistake.name), advice=advice)
        case "attribute missing":
            return _missing_attribute(mistake, source, schema)
        case "attribute value":
            return _attribute_value(mistake, source, schema)
        case "text":
            return _text(mistake, source, schema)
        case "value":
            return _value(mistake, source, schema)


def _element(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    node, name = mistake.node, str(mistake.node.tag)
    parent = node.getparent()
    place = source.place(node)
    if schema.named(name) is None:
        return UNKNOWN_ELEMENT.at(place, name=_shown(name), advice=_unknown_advice(name, mistake, schema))
    if parent is None:
        advice = _ALLOWED.fill({"names": f"<{schema.start.name}>"})
        return MISPLACED_ELEMENT.at(place, name=name, parent="?", advice=advice)
    advice = _misplaced_advice(mistake, parent, schema)
    return MISPLACED_ELEMENT.at(place, name=name, parent=_shown(str(parent.tag)), advice=advice)


def _unknown_advice(name: str, mistake: Mistake, schema: Grammar) -> Words:
    local = etree.QName(name).localname
    if name != local and schema.named(local):
        return _NAMESPACE
    if mistake.node.getparent() is None:
        return _ROOT.fill({"name": schema.start.name})
    if schema.named(local.lower()):
        return _MAYBE.fill({"name": local.lower(), "more": _SMALL_LETTERS})
    if local in _ADVICE:
        return _ADVICE[local].fill({"name": local})
    instead = INSTEAD.get(local.lower())
    if instead:
        return _USE.fill({"name": instead})
    names = [expected for expected in mistake.expected if expected != TEXT]
    everywhere = (element.name for element in schema.elements.values())
    guess = meant(local, names) or meant(local, everywhere, closeness=0.8)
    return _guessed(guess, mistake, schema)


def _guessed(guess: str | None, mistake: Mistake, schema: Grammar) -> Words:
    allowed = _allowed(mistake.expected, schema)
    if guess is None:
        return allowed
    more = Words("", "") if mistake.expected == (guess,) else allowed
    return _MAYBE.fill({"name": guess, "more": more})


def _misplaced_advice(mistake: Mistake, parent: etree._Element, schema: Grammar) -> Words:
    name, inside = str(mistake.node.tag), str(parent.tag)
    values: dict[str, object] = {"name": name, "parent": inside}
    if name == "fn":
        return _note_advice(mistake.node, inside).fill(values)
    if name == "mixed-citation":
        return _IN_NOTE
    if name in _BLOCKS and (inside == "p" or inside in _MARKS):
        return _BLOCK_IN_TEXT.fill(values)
    holder = schema.named(inside)
    if holder and holder.content.holds(name):
        if next(mistake.node.itersiblings("sec", preceding=True), None) is not None and name in _BLOCKS:
            return _SECTIONS_LAST
        if next(mistake.node.itersiblings(name, preceding=True), None) is not None:
            return _ONLY_ONE.fill(values)
    return _guessed(meant(name, mistake.expected), mistake, schema)


def _note_advice(note: etree._Element, inside: str) -> Words:
    """Why a note can't stand here: every other place in a brief prints its call."""
    if next(note.iterancestors("fn"), None) is not None:
        return _NO_NOTE_IN_NOTE
    return _NOTE_OUTSIDE if inside in _MARKS else _NOTE_NOT_PRINTED


def _allowed(names: Iterable[str], schema: Grammar) -> Words:
    listed = _in_order(names, schema)
    return _ALLOWED.fill({"names": _listing(listed)}) if listed else _NOTHING


def _in_order(names: Iterable[str], schema: Grammar) -> list[str]:
    """Running text first, then paragraphs, then the order of the schema."""
    order = {element.name: position for position, element in enumerate(reversed(schema.elements.values()))}
    ranks = {TEXT: -2, "p": -1}
    return sorted(set(names), key=lambda name: ranks.get(name, len(order) - order.get(name, 0)))


def _listing(names: Sequence[str]) -> Words:
    shown = list(names[:_LISTED])
    zh = "、".join("文字" if name == TEXT else f"<{name}>" for name in shown)
    en = ", ".join("text" if name == TEXT else f"<{name}>" for name in shown)
    return Words(f"{zh}等", f"{en} …") if len(names) > _LISTED else Words(zh, en)


def _plain_listing(names: Sequence[str]) -> Words:
    return Words("、".join(names), ", ".join(names))


def _missing(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    parent = mistake.parent
    holder = _shown(str(parent.tag)) if parent is not None else "?"
    names = _in_order(mistake.expected, schema) if mistake.either else list(mistake.expected)
    join = (" 或 ", " or ") if mistake.either else ("、", " and ")
    missing = Words(join[0].join(f"<{n}>" for n in names), join[1].join(f"<{n}>" for n in names))
    where = f"</{holder}>" if mistake.at_end else f"<{_shown(str(mistake.node.tag))}>"
    example = _example(names[0], schema) if names else ""
    place = source.place(mistake.node)
    return MISSING_ELEMENT.at(place, parent=holder, missing=missing, where=where, example=example)


def _example(name: str, schema: Grammar) -> str:
    element = schema.named(name)
    empty = element is not None and element.content == EMPTY and element.value is None
    return f"<{name} …/>" if empty else f"<{name}>…</{name}>"


def _attribute_advice(mistake: Mistake) -> Words:
    element = str(mistake.node.tag)
    names = [_shown(name) for name in mistake.expected]
    written = _shown(mistake.name)
    if not names:
        return _NO_ATTRIBUTES.fill({"element": element})
    more = _ATTRIBUTES.fill({"names": _plain_listing(names)})
    guess = next((name for name in names if name.rpartition(":")[2] == written), None) or meant(written, names)
    return _MAYBE_NAME.fill({"name": guess, "more": more}) if guess else more


def _missing_attribute(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    element = str(mistake.node.tag)
    attribute = _attribute(mistake, schema)
    choices = attribute.value.choices if attribute else ()
    return MISSING_ATTRIBUTE.at(
        source.place(mistake.node),
        element=element,
        name=_shown(mistake.name),
        example=choices[0] if choices else _example_value(element, mistake.name),
        meaning=attribute.documentation if attribute else "",
    )


def _example_value(element: str, name: str) -> str:
    whole = name == LANG and element in ("article", "issue")
    return "zh-Hant-TW" if whole else _EXAMPLES.get(name, "…")


def _attribute_value(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    value = str(mistake.node.get(mistake.name, ""))
    attribute = _attribute(mistake, schema)
    choices = attribute.value.choices if attribute else mistake.expected
    name = _shown(mistake.name)
    what = Words(f"屬性「{name}」", f"the attribute {name}")
    if choices:
        advice = _VALUES.fill({"names": _plain_listing(choices)})
        guess = meant(value, choices)
        if guess:
            advice = _MAYBE_NAME.fill({"name": guess, "more": advice})
    else:
        advice = _documented(attribute.documentation if attribute else "")
    place = source.attribute_place(mistake.node, mistake.name)
    return WRONG_VALUE.at(place, what=what, value=_short(value), advice=advice)


def _value(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    name = str(mistake.node.tag)
    element = next((e for e in schema.elements.values() if e.name == name and e.value is not None), None)
    advice = _documented(element.documentation if element else "")
    what = Words(f"<{name}> 的內容", f"the content of <{name}>")
    text = "".join(mistake.node.itertext())
    return WRONG_VALUE.at(source.place(mistake.node), what=what, value=_short(text.strip()), advice=advice)


def _documented(documentation: str) -> Words:
    """The schema's own sentence; the schema is documented in Chinese only."""
    return Words(documentation, f"the schema says: {documentation}")


def _text(mistake: Mistake, source: Source, schema: Grammar) -> Diagnostic:
    text = (mistake.node.text if mistake.name == "text" else mistake.node.tail) or ""
    start = len(text) - len(text.lstrip())
    place = source.text_place(mistake.node, mistake.name, start, len(text.rstrip()))
    parent = mistake.parent
    inside = str(parent.tag) if parent is not None else "?"
    holder = schema.named(inside)
    if inside == "xref":
        advice = _TEXT_GENERATED
    elif holder and holder.content.holds("p"):
        advice = _IN_PARAGRAPH
    elif mistake.expected:
        advice = _allowed(mistake.expected, schema)
    else:
        advice = _TEXT_EMPTY.fill({"parent": inside})
    return TEXT_NOT_ALLOWED.at(place, parent=inside, text=_short(text.strip()), advice=advice)


def _attribute(mistake: Mistake, schema: Grammar) -> Attribute | None:
    """The definition of the attribute a mistake names (of several with one name, the first)."""
    named = (element for element in schema.elements.values() if element.name == mistake.node.tag)
    return next((found for element in named if (found := element.attribute(mistake.name))), None)


def _shown(name: str) -> str:
    """A name as it is typed."""
    prefixes = {LANG: "xml:lang", HREF: "xlink:href"}
    local = etree.QName(name).localname
    return prefixes.get(name, local if len(local) <= 60 else local[:60] + "…")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 20 else text[:20] + "…"


def reference(kind: str = "brief") -> str:
    """Every element of a schema with its meaning, content and attributes, as Markdown in Chinese."""
    return "\n".join(_reference_lines(grammar(kind)))


def _reference_lines(schema: Grammar) -> Iterator[str]:
    for element in schema.elements.values():
        inside = schema.parents(element.name)
        yield f"### `<{element.name}>`\n"
        yield f"{element.documentation}\n"
        if inside:
            yield f"放在：{'、'.join(f'`{name}`' for name in inside)}\n"
        for attribute in element.attributes:
            need = "必要" if attribute.required else "可省略"
            yield f"- `{_shown(attribute.name)}`（{need}）：{attribute.documentation}"
        if element.attributes:
            yield ""
