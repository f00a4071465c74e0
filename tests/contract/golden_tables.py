"""The golden tables that are no text: every row, and how the files are made.

Numbers and names are invented; only the form is that of the published files. The committed files are compared with
this module row by row. Run it as a program to write them again: ``python -m tests.contract.golden_tables``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "sources"

Cell = str | int | None


@dataclass(frozen=True)
class Frame:
    """A table: name and DuckDB type of each column, and its rows."""

    columns: Mapping[str, str]
    rows: Sequence[tuple[Cell, ...]]


#: One row for each death; month, sex and age group are numbers, codes are text. Two rows are equal.
DEATHS = Frame(
    {
        "COD_DANE": "VARCHAR",
        "COD_DEPARTAMENTO": "VARCHAR",
        "DEPARTAMENTO": "VARCHAR",
        "MUNICIPIO": "VARCHAR",
        "MES": "BIGINT",
        "MES_NOMBRE": "VARCHAR",
        "SEXO": "BIGINT",
        "SEXO_LABEL": "VARCHAR",
        "GRUPO_EDAD1": "BIGINT",
        "CICLO_VITAL": "VARCHAR",
        "RANGO_EDAD": "VARCHAR",
        "COD_MUERTE": "VARCHAR",
        "DESC_MUERTE": "VARCHAR",
        "MANERA_MUERTE": "VARCHAR",
    },
    [
        (code, code[:2] if code else None, "Inventado", "Muestra", month, "Mes", sex, "Sexo", age, "Ciclo", "Rango",
         cause, "Descripción inventada", manner)
        for code, month, sex, age, cause, manner in [
            ("05001", 1, 1, 13, "X954", "Homicidio"),
            ("05001", 1, 1, 13, "X954", "Homicidio"),
            ("11001", 12, 2, 28, "I219", "Natural"),
            ("99773", 6, 2, 3, "P220", "Natural"),
            ("76001", 7, 3, 29, "Y34", "Sin Determinar"),
            ("88001", 2, 1, 11, "X700", "Suicidio"),
            ("08001", 3, 1, 20, "V499", "Accidente"),
            ("13001", 4, 2, 10, "R99", "Estudio"),
            ("50001", 5, 1, 12, "Y871", "Homicidio"),
            # a nature of injury is no underlying cause; a group, a month, a code and a manner that do not exist
            ("50001", 5, 1, 14, "S063", "Accidente"),
            ("50001", 5, 1, 31, "X999", "Homicidio"),
            ("50001", 13, 1, 14, "X999", "Homicidio"),
            ("5X001", 5, 1, 14, "X999", "Homicidio"),
            ("50001", 5, 1, 14, "X999", "Inventada"),
            # a natural manner of a violent cause is loaded with a warning
            ("20001", 8, 2, 24, "W190", "Natural"),
        ]
    ],
)  # fmt: skip

#: Each golden table and the file that holds it.
TABLES: Mapping[str, Frame] = {
    "co_dane_defunciones/golden/deaths_sample.parquet": DEATHS,
}


def write(path: Path, frame: Frame) -> None:
    """Write a table in the format of its file name."""
    import duckdb

    from schemas import sql

    with duckdb.connect() as connection:
        columns = ", ".join(f"{sql.name(name)} {kind}" for name, kind in frame.columns.items())
        connection.execute(f"CREATE TABLE made ({columns})")
        connection.executemany(f"INSERT INTO made VALUES ({', '.join('?' * len(frame.columns))})", frame.rows)
        connection.execute(f"COPY made TO {sql.text(str(path))} (FORMAT parquet)")


def read(path: Path) -> Frame:
    """Read a table back, without the code under test."""
    import duckdb

    from schemas import sql

    with duckdb.connect() as connection:
        relation = connection.read_parquet(sql.text(str(path))[1:-1])
        return Frame(dict(zip(relation.columns, map(str, relation.types), strict=True)), relation.fetchall())


def main() -> None:
    """Write all golden tables to their source folders."""
    for name, frame in TABLES.items():
        write(SOURCES / name, frame)


if __name__ == "__main__":
    main()
