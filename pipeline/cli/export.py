"""The command `kan export`: a brief, or all briefs of an issue, as Word files for their authors."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from pipeline.cli.terminal import errors, language_option, show_progress, size, visible
from pipeline.diagnostics import InstallationError, Language, ManuscriptError, Words, has_errors
from pipeline.manuscript import ISSUE_FILE, read_issue
from pipeline.parse import HREF, Source, parse

_SUFFIX = ".docx"


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--docx", is_flag=True, default=True, help="Word檔（目前只有這一種）。 A Word file, the only form.")
@click.option("--out", type=click.Path(path_type=Path),
              help="輸出的檔案（.docx）或資料夾；一期是資料夾。 The file to write, or the folder.")  # fmt: skip
@click.option("--clean", is_flag=True, help="不把原稿的XML放進檔案。 Leave the markup of the brief out.")
@click.option("--force", is_flag=True, help="覆寫已有的檔案。 Write over a file that is there.")
@language_option
def export(path: Path, docx: bool, out: Path | None, clean: bool, force: bool, language: Language) -> None:
    """把一篇（.xml）或一期（資料夾）存成Word檔，給作者校對；kan import 收得回來。

    A brief, or every brief of an issue, as Word files for their authors to proof: real footnotes, styles, numbers
    that count themselves, the house look. `kan import` reads them back. Without --out: BRIEF.docx in this folder.
    """
    del docx
    with errors(language):
        with show_progress(language) as progress:
            progress(Words("讀取與檢查原稿", "reading and checking the manuscript"))
            sources = _briefs(path)
            targets = _targets(sources, out, _is_issue(path), force=force)
            files = _word_files(sources, progress, with_markup=not clean)
        for target, data in zip(targets, files, strict=True):
            _write(target, data)
    for target, data, whose in zip(targets, files, map(_whose, sources), strict=True):
        click.echo(f"{target}  {whose}  ({size(len(data))})")


def _whose(source: Source) -> str:
    """The authors and the title of a brief."""
    from pipeline.importing.report import authors_of, title_of  # noqa: PLC0415

    return visible(f"{'、'.join(authors_of(source)) or '—'}〈{title_of(source)[0] or '—'}〉")


def _is_issue(path: Path) -> bool:
    return path.is_dir() or path.name == ISSUE_FILE


def _briefs(path: Path) -> list[Source]:
    """The briefs to export. Raises `ManuscriptError` where one can't be read or is not valid."""
    from pipeline import validate  # noqa: PLC0415

    if _is_issue(path):
        manuscript = read_issue(path if path.is_dir() else path.parent)
        sources, found = list(manuscript.briefs.values()), list(manuscript.diagnostics)
        if manuscript.issue is not None:
            found += validate.check_issue(manuscript.issue, manuscript.briefs)
    else:
        sources = [parse(path)]
        found = validate.check_brief(sources[0], sources[0].path.parent)
    if has_errors(found):
        raise ManuscriptError(found)
    return sources


def _targets(sources: Sequence[Source], out: Path | None, whole_issue: bool, *, force: bool) -> list[Path]:
    """Where each Word file goes. Raises `InstallationError` for what is no place for one."""
    if whole_issue or out is None or not out.suffix or out.is_dir():
        targets = [(out or Path()) / f"{source.path.stem}{_SUFFIX}" for source in sources]
    else:
        targets = [out]
    kept = {each.resolve() for source in sources for each in (source.path, source.path.parent / ISSUE_FILE)}
    for target in targets:
        if target.resolve() in kept or target.suffix.lower() == ".xml":
            raise InstallationError(
                f"「{target}」是原稿，不能覆寫", f"{target} is a manuscript and is not written over"
            )
        if target.is_dir():
            raise InstallationError(f"「{target}」是資料夾，請寫出檔名", f"{target} is a folder: name a file")
        if target.exists() and not force:
            raise InstallationError(
                f"「{target}」已經存在，可能是作者的檔案；要覆寫請加 --force",
                f"{target} is there already, perhaps the author's; add --force to write over it",
            )
    return targets


def _word_files(sources: Sequence[Source], progress: Callable[[Words], None], *, with_markup: bool) -> list[bytes]:
    """The bytes of each Word file; a brief with a drawing needs our fonts."""
    from pipeline.notes.style import style_for  # noqa: PLC0415

    prepared = None
    if any(_has_drawing(source) for source in sources):
        from pipeline.check import languages_of  # noqa: PLC0415
        from pipeline.fonts import prepare  # noqa: PLC0415

        prepared = prepare(progress, languages=languages_of(sources))
    from pipeline.exporting import word_file  # noqa: PLC0415

    progress(Words("製作Word檔", "making the Word files"))
    return [word_file(each, style_for(each), fonts=prepared, with_markup=with_markup) for each in sources]


def _has_drawing(source: Source) -> bool:
    return any(graphic.get(HREF, "").lower().endswith(".svg") for graphic in source.root.iter("graphic"))


def _write(target: Path, data: bytes) -> None:
    """Write a file in one rename. Raises `InstallationError`."""
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            temporary = Path(file.name)
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise InstallationError(
            f"無法寫入「{target}」：{error.strerror}", f"cannot write {target}: {error.strerror}"
        ) from error
