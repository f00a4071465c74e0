"""The command line ``siprev``: thin wrappers around ``pipelines.steps``; what is slow to import waits until used."""

from __future__ import annotations

import io
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
    except Told as told:
        sys.stderr.write(f"siprev: {told.text()}\n")
        sys.exit(told.exit_status)
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as leaving:
        # typer turns an interruption into this status, without a word
        if leaving.code == INTERRUPTED:
            _interrupted()
        raise
    except BrokenPipeError:
        # the reader of our output left, as `head` does
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        from pipelines.cli import faults

        if faults.is_interruption(error):
            _interrupted()
        text, status = faults.explained(error)
        if text is None:
            raise
        sys.stderr.write(f"siprev: {text}\n")
        sys.exit(status)


def _interrupted() -> NoReturn:
    sys.stderr.write("siprev: interrupted; nothing half done is kept, run the command again to complete\n")
    sys.exit(INTERRUPTED)
