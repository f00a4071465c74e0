"""The command line ``siprev``: thin wrappers around ``pipelines.steps``; what is slow to import waits until used."""

from __future__ import annotations

import io
import os
import sys
from typing import NoReturn

#: Exit status of a process that was interrupted from the keyboard.
INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit status: 0 done, 1 the data stopped it, 2 wrong use."""
    from schemas.errors import Told

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that cannot show a letter shows a question mark, and the work is not lost for it
            stream.reconfigure(errors="replace")
    try:
        from pipelines.cli.app import app

        app(prog_name="siprev")
        sys.stdout.flush()
    except Told as told:
        sys.stderr.write(f"siprev: {told.text()}\n")
        sys.exit(told.exit_status)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as leaving:
        if _output_is_closed(leaving):
            _leave_quietly()
        # typer turns an interruption into this status, without a word
        if leaving.code == INTERRUPTED:
            _interrupted()
        raise
    except BrokenPipeError:
        _leave_quietly()
    except Exception as error:
        from pipelines.cli import faults

        if faults.is_interruption(error):
            _interrupted()
        text, status = faults.explained(error)
        if text is None:
            raise
        sys.stderr.write(f"siprev: {text}\n")
        sys.exit(status)


def _output_is_closed(leaving: SystemExit) -> bool:
    """Whether the reader of our output left: typer makes that exit status 1, or it comes out when all is written."""
    if isinstance(leaving.__context__, BrokenPipeError):
        return True
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return not leaving.code
    return False


def _leave_quietly() -> NoReturn:
    """Leave as others do whose reader has read enough, such as ``head``: that is no error."""
    # what is left in the buffer has nowhere to go; Python would complain of it at its end
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    sys.exit(0)


def _interrupted() -> NoReturn:
    sys.stderr.write("siprev: interrupted; nothing half done is kept, run the command again to complete\n")
    sys.exit(INTERRUPTED)
