"""Names: what a prepared font and its styles are called, inside and out.

A change here changes prepared faces, see `manifest.PREPARATION`.
"""

from typing import Any

_NAMES_REPLACED = (1, 2, 3, 4, 6, 16, 17, 18, 20, 21, 22, 25)
"""Name records that hold a family's name. Copyright (0), licence (13, 14) and authors stay."""

_LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."

_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}


def style_name(weight: int, style: str) -> str:
    """The style as programs show it: `Regular`, `Bold Italic`."""
    name = _WEIGHT_NAMES.get(weight, str(weight))
    return name if style == "normal" else f"{name} Italic".removeprefix("Regular ")


def rename(font: Any, family: str, weight: int, style: str) -> None:
    """Give a font its own family, and flags that agree with weight and style."""
    italic, bold = style == "italic", weight == 700
    full_style = style_name(weight, style)
    joined = full_style.replace(" ", "")
    linked = family if weight in {400, 700} else f"{family} {_WEIGHT_NAMES.get(weight, weight)}"
    names = {
        1: linked,
        2: full_style if linked == family else ("Italic" if italic else "Regular"),
        3: f"kan;{family.replace(' ', '')}-{joined}",
        4: f"{family} {full_style}",
        6: f"{family.replace(' ', '')}-{joined}",
    }
    if linked != family:
        names |= {16: family, 17: full_style}
    table = font["name"]
    kept = _feature_names(font)
    table.names = [
        each
        for each in table.names
        if each.nameID not in _NAMES_REPLACED and (each.nameID < 256 or each.nameID in kept)
    ]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    if not table.getDebugName(13):
        table.setName(_LICENCE, 13, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    regular = not bold and not italic
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | italic | bold << 5 | regular << 6
    font["head"].macStyle = bold | italic << 1


def _feature_names(font: Any) -> set[int]:
    """Numbers of the name records that stylistic sets refer to."""
    features = font["GSUB"].table.FeatureList.FeatureRecord if "GSUB" in font else ()
    params = (record.Feature.FeatureParams for record in features)
    return {each.UINameID for each in params if hasattr(each, "UINameID")}
