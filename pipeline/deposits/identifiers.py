"""Identifiers: whether an ISSN, ORCID, GPN or DOI can be one, by its form and check digit."""

import re

_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9X]")
_ORCID = re.compile(r"(?:https?://orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])")
_GPN = re.compile("[0-9]{10}")
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+")


def is_issn(text: str) -> bool:
    """Whether a text is an ISSN whose check digit is right (ISO 3297: modulus 11, weights 8 to 2)."""
    if not _ISSN.fullmatch(text):
        return False
    digits = text.replace("-", "")
    rest = -sum(int(digit) * weight for digit, weight in zip(digits[:7], range(8, 1, -1), strict=True)) % 11
    return digits[7] == _check_digit(rest)


def orcid(text: str) -> str:
    """The sixteen digits of an ORCID, written alone or as an address; empty when the check digit is wrong.

    ISO/IEC 7064, MOD 11-2.
    """
    match = _ORCID.fullmatch(text)
    if match is None:
        return ""
    total = 0
    for digit in match[1].replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    return match[1] if match[1][-1] == _check_digit((12 - total % 11) % 11) else ""


def is_gpn(text: str) -> bool:
    """Whether a text has the form of a GPN (政府出版品統一編號): ten digits.

    No rule for a check digit is published, so none is tested.
    """
    return _GPN.fullmatch(text) is not None


def is_doi(text: str, prefix: str = "") -> bool:
    """Whether a text is a DOI (ISO 26324), and one of the prefix if that is given."""
    return _DOI.fullmatch(text) is not None and (not prefix or text.lower().startswith(f"{prefix.lower()}/"))


def _check_digit(rest: int) -> str:
    return "X" if rest == 10 else str(rest)
