"""Tools that run in a process of their own: how they are started, and what they lack."""

import re
import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pipeline.conformance.verdict import Verdict
from pipeline.diagnostics import Code, Place, Words

FAILED = Code(
    "B000",
    title=Words("檢查工具沒有跑完", "a checker did not finish"),
    message=Words("{tool}沒有跑完：{reason}", "{tool} did not finish: {reason}"),
    hint=Words("再執行一次 kan verify；仍然如此請回報", "run kan verify again, and report it if it stays"),
    why=Words("沒有檢查過的檔案不能算合格。", "a file that was not checked has not passed."),
)

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


class ToolError(Exception):
    """A tool could not be started, was too slow, or said nothing that can be read; carries its last words."""


def run(
    command: Sequence[str],
    *,
    seconds: float,
    cwd: Path,
    environment: Mapping[str, str],
    exit_codes: Collection[int] = (0,),
) -> bytes:
    """What a command prints. Raises `ToolError` when it does not come to its end, or to another exit code."""
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise ToolError(str(error)) from error
    with process:
        try:
            said, complaints = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            raise ToolError(f"{seconds:.0f} s") from None
    if process.returncode not in exit_codes:
        raise ToolError(_last(complaints) or f"exit code {process.returncode}")
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, which may first end the browser that it has started."""
    process.terminate()
    try:
        process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def did_not_finish(name: str, standard: str, tool: str, version: str, error: Exception) -> Verdict:
    """The verdict on a file whose check did not come to an end."""
    return Verdict(name, standard, tool, version, (FAILED.at(Place(Path(name)), tool=tool, reason=str(error)),))


def _last(said: bytes) -> str:
    """The last line that says something, without colours."""
    lines = [" ".join(_COLOUR.sub("", line).split()) for line in said.decode("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line), "")
