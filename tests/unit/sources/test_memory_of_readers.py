"""Formats that can be read a part at a time never have a file in Python's memory as a whole."""

from __future__ import annotations

import lzma
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from sources.kit import landing
from sources.kit.readers import delivery
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout
from tests.unit.sources.reading import layout

#: Rows of the files, whose text alone is 29 MB, and what may be in memory at a time.
ROWS, LIMIT = 300_000, 18_000_000
TEXT = "Número de expediente y delito, con una descripción más larga que las demás columnas de la fila"


def _csv(path: Path, encoding: str, end: str = "") -> None:
    line = f'"{TEXT}",1\r\n'
    path.write_bytes(f"a,b\r\n{line * ROWS}{end}".encode(encoding))


def _xz(path: Path) -> None:
    with lzma.open(path, "w", preset=0) as packed:
        packed.write(b"a,b\n")
        for _ in range(ROWS // 1000):
            packed.write((f'"{TEXT}",1\n' * 1000).encode())


def _json(path: Path) -> None:
    record = f'{{"a": "{TEXT}", "b": 1}}'
    path.write_text('{"data": {"items": [' + f"{record}, " * ROWS + record + "]}}", encoding="utf-8")


def _fixed(path: Path) -> None:
    path.write_bytes((TEXT.ljust(120) + "1\r\n").encode("cp850") * ROWS)


def _sav(path: Path) -> None:
    import pandas as pd
    import pyreadstat

    pyreadstat.write_sav(pd.DataFrame({"a": [TEXT] * ROWS, "b": range(ROWS)}), str(path))


FIELDS = {"a": {"start": 1, "width": 120}, "b": {"start": 121, "width": 1}}
FILES: dict[str, tuple[Callable[[Path], None], Layout]] = {
    "latin-1": (lambda p: _csv(p, "latin-1"), layout(format="csv", encoding="latin-1")),
    "cp1252": (lambda p: _csv(p, "cp1252"), layout(format="csv", encoding="cp1252")),
    "utf-16": (lambda p: _csv(p, "utf-16"), layout(format="csv", encoding="utf-16")),
    "footer": (lambda p: _csv(p, "utf-8", "Fuente"), layout(format="csv", footer=["Fuente"])),
    "xz": (_xz, layout(format="csv")),
    "json": (_json, layout(format="json", records="data.items")),
    "fixed": (_fixed, layout(format="fixed_width", fields=FIELDS, encoding="cp850")),
    "sav": (_sav, layout(format="spss")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_large_file_is_read_a_part_at_a_time(tmp_path: Path, name: str) -> None:
    write, declared = FILES[name]
    path = tmp_path / "x"
    write(path)
    landed = landing.land(path, tmp_path / "landing", "x")
    with Workspace(tmp_path) as work, duckdb.connect(config={"threads": 2}) as connection:
        tracemalloc.start()
        try:
            _, opened = delivery.choose(landed, [declared], work)
            opened.fill(
                connection, "read", f"SELECT hash({', '.join(opened.columns.values())}) FROM {opened.scan}"
            )
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        (count,) = connection.execute("SELECT count(*) FROM read").fetchone() or (0,)
    assert count in (ROWS, ROWS + 1)
    assert peak < LIMIT < ROWS * len(TEXT)
