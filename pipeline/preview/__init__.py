"""Preview: an issue in the browser as it will print, beside its findings, new with every saved file.

    files ─watch▶ Desk ─┬ FairCopy      a file with errors keeps its last good state
                        ├ Press         warm: only what changed is set, only what is shown is painted
                        ├ places, front line of a page ◀▶ place in a source
                        ├ Proofreader   findings, in a process of its own
                        ├ telling       briefs, findings and places as plain values
                        └ views         EPUB and web edition, on demand
    Desk ─events▶ server ◀─ browser      on this machine alone, under an address that nobody can guess

The page itself is in `layouts/preview/`.
"""

from pipeline.preview.server import preview

__all__ = ["preview"]
