"""Errors that no step foresaw: what is told of them.

The machine's refusals (no room, no right, a file that another program holds) are told as wrong configuration. Of a
defect of ours the place is shown, and the message too where it can be about the code alone: what a library or a
failed conversion says may print values of the data.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterator

from schemas.errors import Misuse

#: Refusals of the operating system that a person can do something about.
_PLACE = {
    errno.EACCES,
    errno.EPERM,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ENOENT,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.ENAMETOOLONG,
    errno.EMFILE,
}
_OURS = {"schemas", "sources", "warehouse", "indicators", "exports", "pipelines"}
#: Errors of Python itself whose messages are about code and files, never about a value.
_OF_CODE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    OSError,
    RecursionError,
    TypeError,
)
#: Libraries of the database.
_DATABASE = {"duckdb", "_duckdb", "pyarrow"}


def explained(error: Exception) -> tuple[str | None, int]:
    """Text and exit status of an unforeseen error; no text where Python's own account of it may be shown."""
    misuse = _misuse(error)
    if misuse:
        return misuse.text(), misuse.exit_status
    told = withheld(error)
    return told, 1


def withheld(error: BaseException) -> str | None:
    """Kind and place of an error whose words may show values of the data; None where they cannot."""
    if not any(_may_show_values(e) for e in _chain(error)):
        return None
    place = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    names = " from ".join(type(e).__name__ for e in _chain(error))
    return (
        f"this is a defect of the software ({names}); the words of the error are withheld, since they may show "
        f"values of the data\n  mend:  send these lines to whoever maintains it\n{place}".rstrip()
    )


def _may_show_values(error: BaseException) -> bool:
    library = _library(error)
    return library not in _OURS and not (library == "builtins" and isinstance(error, _OF_CODE))


def is_interruption(error: Exception) -> bool:
    """Whether the person at the keyboard ended the work while DuckDB was busy, which tells it in words alone."""
    return any(isinstance(e, RuntimeError) and str(e) == "Query interrupted" for e in _chain(error))


def _misuse(error: Exception) -> Misuse | None:
    if isinstance(error, OSError):
        if error.errno not in _PLACE:
            return None
        return Misuse(
            f"the system does not allow it: {error.strerror}",
            where=str(error.filename or ""),
            how="check the path, its rights and the free space, or name another folder with --home",
            code="place",
        )
    if _library(error) not in _DATABASE:
        return None
    match type(error).__name__:
        case "OutOfMemoryException":
            return Misuse(
                "the work needs more memory than it may use",
                where="environment variable SIPREV_MEMORY",
                how="set it to a greater size, for example 2GB, and run the command again",
                code="memory",
            )
        case "IOException":
            from warehouse import damage

            # about files, not about what is in them
            return damage.told(str(error)) or Misuse(
                str(error).partition("\n")[0],
                how="close other programs that hold the file open, and check its rights and the free space",
                code="file",
            )
    return None


def _library(error: BaseException) -> str:
    return type(error).__module__.partition(".")[0]


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
