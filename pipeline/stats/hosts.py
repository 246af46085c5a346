"""Hosts: the registered name of a site (udn.com, mnd.gov.tw), from an address, without the network."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

_SECOND_LEVEL = re.compile(
    "com|co|org|or|net|ne|edu|ac|gov|go|gob|gouv|mil|mi|idv|game|ebiz|club|govt|nhs|police|sch|school|ltd|plc|me|asn|"
    "id|web|info|name|pro|in|firm|gen|ind|res|nic|lg|ad|ed|gr|re|pe"
)
"""Second labels under the name of a country that are no site: com.tw, co.jp, or.kr, gov.uk …"""

_HOSTED = ("blogspot.com", "wordpress.com", "github.io", "substack.com", "pixnet.net", "medium.com", "tumblr.com")
"""Sites that give each of their authors a name before their own."""

_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|\[.*\]")


@lru_cache(maxsize=4096)
def site(address: str) -> str:
    """The site of an address: the part of its host that somebody registered; empty where there is none.

    A rule of thumb for the Public Suffix List, which changes weekly: under the name of a country (two letters), a
    second label such as com, gov or ac belongs to the suffix. So www.mnd.gov.tw is mnd.gov.tw, www.gov.uk gov.uk.
    """
    try:
        host = (urlsplit(address if "://" in address else f"//{address}").hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    if not host or _NUMBERS.fullmatch(host):
        return host
    labels = _readable(host).split(".")
    if len(labels) > 1 and labels[0] in ("www", "m"):
        labels = labels[1:]
    national = len(labels[-1]) == 2 and len(labels) > 2 and _SECOND_LEVEL.fullmatch(labels[-2])
    kept = 3 if national or ".".join(labels[-2:]) in _HOSTED else 2
    return ".".join(labels[-kept:])


def _readable(host: str) -> str:
    """A host with its Punycode undone."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
