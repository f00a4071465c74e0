"""How Dagster is told what happened: lines in the run's log, and failures without any value of a record."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging import Logger

import dagster as dg
import duckdb

from pipelines.cli import faults
from pipelines.orchestration import processes
from pipelines.progress import Progress
from schemas.errors import Told

Context = dg.AssetExecutionContext | dg.AssetCheckExecutionContext


class Logged:
    """Progress as lines of the run's log."""

    def __init__(self, log: Logger) -> None:
        self._log = log

    def say(self, line: str) -> None:
        """One line."""
        self._log.info(line)

    @contextmanager
    def step(self, line: str) -> Iterator[None]:
        """A step, with its seconds when it ends."""
        started = time.monotonic()
        yield
        self._log.info(f"{line}: {time.monotonic() - started:.1f} s")


@contextmanager
def working(context: Context) -> Iterator[Progress]:
    """Work inside a run: its process is noted, and what stops it becomes a failure that can be shown.

    Raises:
        dagster.Failure: With what, where and how to mend. The message of the database, of another library or of a
            failed conversion may print values of records; only its kind is told.
    """
    processes.note(context.instance, context.run.run_id)
    try:
        yield Logged(context.log)
    except dg.Failure:
        raise
    except Told as told:
        raise dg.Failure(told.text(), allow_retries=False) from None
    except duckdb.Error as error:
        raise dg.Failure(
            f"the database stopped the work ({type(error).__name__})\n"
            "  mend:  run the same step on the command line (siprev run), where the message is not stored",
            allow_retries=False,
        ) from None
    except Exception as error:
        if (text := faults.withheld(error)) is None:
            raise
        raise dg.Failure(text, allow_retries=False) from None
