"""Errors that nobody foresaw: what is told, and what is kept back."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import yaml

from pipelines.cli import faults
from warehouse.accounting import AccountError

CANARY = "CANARIO7731"


def _raised(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - any error is what is wanted
        return error
    raise AssertionError("nothing was raised")


def _printing_a_value() -> None:
    duckdb.sql(f"SELECT '{CANARY}'::INTEGER").fetchall()


def _wrapping_it() -> None:
    try:
        _printing_a_value()
    except duckdb.Error as error:
        raise RuntimeError(f"went wrong: {error}") from error


def _while_handling_it() -> None:
    try:
        _printing_a_value()
    except duckdb.Error as error:
        raise KeyError(str(error))  # noqa: B904 - the context is the point


def _in_arrow() -> None:
    pa.array([CANARY]).cast(pa.int32())


def _converting_it() -> None:
    float(CANARY)


def _looking_it_up() -> None:
    known: dict[str, int] = {}
    _ = known[CANARY]


def _in_another_library() -> None:
    yaml.safe_load(f"{{{CANARY}: ]")


WITHHELD = [
    _printing_a_value,
    _wrapping_it,
    _while_handling_it,
    _in_arrow,
    _converting_it,
    _looking_it_up,
    _in_another_library,
]


@pytest.mark.parametrize("work", WITHHELD)
def test_messages_that_print_values_are_withheld_and_the_place_is_told(work: Callable[[], None]) -> None:
    error = _raised(work)
    assert CANARY in str(error), "the library prints values"
    text, status = faults.explained(error)
    assert status == 1
    assert text is not None
    assert CANARY not in text
    assert type(error).__name__ in text
    assert "test_faults.py" in text
    assert work.__name__ in text
    assert "  mend:  " in text


def test_an_interruption_that_duckdb_tells_in_words() -> None:
    assert faults.is_interruption(RuntimeError("Query interrupted"))
    assert not faults.is_interruption(RuntimeError("something else"))
    assert not faults.is_interruption(ValueError("Query interrupted"))


def test_other_errors_keep_their_traceback() -> None:
    assert faults.explained(ZeroDivisionError("division by zero")) == (None, 1)
    assert faults.explained(OSError(errno.EIO, "input/output error")) == (None, 1)
    assert faults.explained(AttributeError("no attribute 'x'")) == (None, 1)
    assert faults.explained(AccountError("two sides differ")) == (None, 1), "ours say no value"


def test_the_machines_refusals_are_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    text, status = faults.explained(_raised((tmp_path / "file" / "folder").mkdir))
    assert status == 2
    assert text is not None
    assert str(tmp_path / "file" / "folder") in text
    assert "  mend:  check the path" in text


def test_memory_and_files_of_duckdb(tmp_path: Path) -> None:
    text, status = faults.explained(_raised(lambda: duckdb.connect(tmp_path / "no" / "x.duckdb")))
    assert status == 2
    assert text is not None
    assert "x.duckdb" in text

    def too_much() -> None:
        with duckdb.connect(config={"memory_limit": "1MB", "max_temp_directory_size": "0KB"}) as connection:
            connection.execute("SELECT list(i) FROM range(10000000) AS r(i)").fetchall()

    text, status = faults.explained(_raised(too_much))
    assert status == 2
    assert text is not None
    assert "SIPREV_MEMORY" in text
