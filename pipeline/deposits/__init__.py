"""Deposits: what an issue hands to the agencies that register and archive it, and what is missing for each.

JATS, Issue ─record▶ [Record]      the facts of each brief, once
[Record] ─crossref▶ crossref.xml   DOIs, at Crossref
[Record] ─doi_table▶ doi.csv       DOIs, at the agency of Taiwan
[Record] ─oai▶ oai-pmh.xml         the issue as an OAI-PMH static repository
[Record] ─checklist▶ checklist     what is ready, missing or wrong, for each of them and for the archive

Nothing is made up: no identifier, no name, no address. A deposit for which too little is known isn't written,
and the checklist says what it lacks.
"""

from collections.abc import Mapping

from pipeline.brief import Issue
from pipeline.deposits.checklist import checklist
from pipeline.deposits.crossref import crossref
from pipeline.deposits.doi_table import doi_table
from pipeline.deposits.oai import static_repository
from pipeline.deposits.record import records

__all__ = ["deposits"]


def deposits(issue: Issue, articles: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The deposits of an issue by their names: `deposits/crossref.xml`, `deposits/checklist.txt` …

    `articles` has the archive copy of each brief (`pipeline.jats.published`) by its name, in the order of the
    issue. The same issue gives the same bytes.
    """
    known = records(issue, articles)
    made = {
        "deposits/crossref.xml": crossref(issue, known),
        "deposits/doi.csv": doi_table(issue, known),
        "deposits/oai-pmh.xml": static_repository(issue, known),
    }
    files = {name: data for name, data in made.items() if data is not None}
    return {**files, **checklist(issue, known, files)}
