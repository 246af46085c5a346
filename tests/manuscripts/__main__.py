"""Score the importer: python -m tests.manuscripts [NAME …] prints a table and every miss.

A name may be the beginning of one ("05"). With -x the brief is printed too.
"""

import sys
import traceback

from tests.manuscripts.importer import imported
from tests.manuscripts.notation import all_expected
from tests.manuscripts.score import Score, score


def main(names: list[str]) -> None:
    """Print the table."""
    show = "-x" in names
    names = [name for name in names if name != "-x"]
    found: list[Score] = []
    for wanted in all_expected():
        if names and not any(wanted.name.startswith(name) for name in names):
            continue
        try:
            report = imported(wanted.path)
            result = score(wanted, report)
        except Exception:
            print(f"{wanted.name:16} FAILED", *traceback.format_exc(limit=-1).split())
            continue
        found.append(result)
        bad = [name for name, misses in result.points.items() if misses]
        print(
            f"{result.name:16} {result.headings - len(result.missed):2}/{result.headings:2} headings ",
            " ".join(bad) or "all right",
        )
        for name in bad:
            for miss in result.points[name][:6]:
                print(f"    {name:10} {miss}")
        if show:
            print(report.xml.decode(), *report.doubts, sep="\n")
    headings = sum(each.headings for each in found)
    right = headings - sum(len(each.missed) for each in found)
    whole = sum(each.right for each in found)
    print(f"\n{len(found)} manuscripts, {whole} without a miss; headings {right}/{headings}")
    for point in found[0].points if found else ():
        print(f"    {point:10} {sum(not each.points[point] for each in found)}/{len(found)}")


if __name__ == "__main__":
    main(sys.argv[1:])
