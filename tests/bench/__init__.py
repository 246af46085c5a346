"""The benchmark: how long an issue takes, and how long Typst takes to set the same text on the same page.

`make bench`, or `python -m tests.bench [ISSUE] [--runs N] [--json FILE]`. The steps, each in a module:

    Issue ─markup▶ a Typst document            the same words, notes, faces and page, nothing left out
    race        fresh processes, taken in turn: kan build, Typst, kan build, Typst, …
    stages      one warm process: each stage of a build on its own
    composing   one warm process: the composer beside bare HarfBuzz, and beside painting
    report      the table, ratios first

Nothing here asserts a time: a benchmark that fails on a busy machine is switched off within a week.
"""
