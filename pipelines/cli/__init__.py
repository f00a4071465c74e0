"""The command line ``siprev``: thin wrappers around ``pipelines.steps``; what is slow to import waits until used."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit status: 0 done, 1 the data stopped it, 2 wrong use."""
    from schemas.errors import Told

    try:
        from pipelines.cli.app import app

        app(prog_name="siprev")
    except Told as told:
        sys.stderr.write(f"siprev: {told.text()}\n")
        sys.exit(told.exit_status)
    except KeyboardInterrupt:
        sys.stderr.write(
            "siprev: interrupted; nothing half done is kept, run the command again to complete\n"
        )
        sys.exit(130)
    except BrokenPipeError:
        # the reader of our output left, as `head` does
        sys.stderr.close()
        sys.exit(0)
