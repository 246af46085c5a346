"""New: an issue made from the last one, and the skeleton of a brief.

    folders beside it ─older▶ [Older] ─new_issue▶ Made ─write▶ files

`new_issue` and `new_brief` say what there will be, `write` puts it there: all of it or nothing, and never over
a file that is there.
"""

from pipeline.new.brief import new_brief
from pipeline.new.issue import new_issue
from pipeline.new.made import Made, write

__all__ = ["Made", "new_brief", "new_issue", "write"]
