"""The golden data frames of R: every row, and how the files are made.

Numbers are invented; only the form is that of the published file. The committed files are compared with this module,
so that a file cannot change without its text. Run it as a program to write them again:
``python -m tests.contract.golden_frames``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

Cell = str | float

SOURCES = Path(__file__).resolve().parents[2] / "sources"

COLUMNS = ("entidad", "sexo", "estatus", "delito", "delito_corto", "fuero", "total", "year")

PRISONS: Sequence[Sequence[Cell]] = (
    ("Aguascalientes", "Mujeres", "Con sentencia", "Robo simple", "Robo", "Fuero común", 11, 2031),
    # the same once more: a row of another prison, not a repetition
    ("Aguascalientes", "Mujeres", "Con sentencia", "Robo simple", "Robo", "Fuero común", 11, 2031),
    (
        "Estado de México",
        "Hombres",
        "Sin sentencia",
        "Homicidio doloso",
        "Homicidio",
        "Fuero común",
        52,
        2031,
    ),
    ("Estado de México", "Hombres", "Sin sentencia", "Homicidio", "Homicidio", "Fuero común", 3, 2031),
    (
        "Zacatecas",
        "No especificado",
        "No especificado",
        "No identificado",
        "No especificado",
        "Fuero federal",
        7,
        2032,
    ),
    ("Zacatecas", "Hombres", "Con sentencia", "Narcomenudeo NE", "Narcomenudeo", "Fuero común", 0, 2032),
    # a state, a sex, a label and a number that are none
    ("Nueva Galicia", "Hombres", "Con sentencia", "Violación", "Violación", "Fuero común", 4, 2032),
    ("Zacatecas", "Hombre", "Con sentencia", "Homicidio con rayo", "Homicidio", "Fuero común", 5, 2032),
    ("Zacatecas", "Hombres", "Con sentencia", "Magia", "Magia", "Fuero común", 6.5, 2032),
)

FRAMES: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]] = {
    "mx_inegi_penitenciario/golden/ppl_muestra.rds": (COLUMNS, PRISONS),
}


def write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write rows as a data frame."""
    import pandas as pd
    import rdata

    frame = pd.DataFrame.from_records(rows, columns=list(columns))
    texts = [name for name, cell in zip(columns, rows[0], strict=True) if isinstance(cell, str)]
    rdata.write_rds(path, frame.astype(dict.fromkeys(texts, "string[python]")))


def read(path: Path) -> list[tuple[Cell, ...]]:
    """The rows of a data frame, by a reader that is not ours."""
    import rdata

    frame = rdata.read_rds(path)
    return [tuple(row) for row in frame.itertuples(index=False, name=None)]


def main() -> None:
    """Write all golden data frames to their source folders."""
    for name, (columns, rows) in FRAMES.items():
        write(SOURCES / name, columns, rows)


if __name__ == "__main__":
    main()
