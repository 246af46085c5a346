"""Identifiers: whether an ISSN, ORCID, GPN or DOI can be one, by form and check digit; which licence is meant."""

import re

_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9X]")
ORCID = re.compile(r"(?:https?://orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])")
_GPN = re.compile("[0-9]{10}")
_DEED = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/((?:licenses|publicdomain)/[a-z+-]+/[0-9.]+(?:/(?!deed|rdf)[a-z]{2,8})?)"
    r"(?:/(?:(?:deed|legalcode|rdf)[^/]*)?)?",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+")


def is_issn(text: str) -> bool:
    """Whether a text is an ISSN whose check digit is right."""
    return bool(_ISSN.fullmatch(text)) and issn_digit(text) == text[-1]


def issn_digit(text: str) -> str:
    """The check digit that a text with the form of an ISSN should have, empty for any other.

    ISO 3297: modulus 11, weights 8 to 2.
    """
    if not _ISSN.fullmatch(text):
        return ""
    digits = text.replace("-", "")[:7]
    return _check_digit(
        -sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True)) % 11
    )


def orcid(text: str) -> str:
    """The sixteen digits of an ORCID, written alone or as an address; empty when the check digit is wrong.

    ISO/IEC 7064, MOD 11-2.
    """
    match = ORCID.fullmatch(text)
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


def licence_uri(href: str) -> str:
    """The address that names a licence: for a page about one of Creative Commons that of the licence itself.

    Machines compare the address (https://creativecommons.org/licenses/by/4.0/); …/deed.zh-hant is its page for
    readers. Every other address stays.
    """
    match = _DEED.fullmatch(href.strip())
    return f"https://creativecommons.org/{match[1].lower()}/" if match else href


def _check_digit(rest: int) -> str:
    return "X" if rest == 10 else str(rest)
