"""The golden data frames of R: every row, and how the files are made.

Numbers are invented; only the form is that of the published file. The committed files are compared with this module,
so that a file cannot change without its text. Run it as a program to write them again:
``python -m tests.contract.golden_frames``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

Cell = str | float | None

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

HOUSEHOLD_COLUMNS = (
    "YEARQ", "IDHH", "WGTHHCY", "V2117", "V2118", "V2015", "V2143", "SC214A", "V2122", "V2126B", "V2127B", "V2129",
)  # fmt: skip

HOUSEHOLDS: Sequence[Sequence[Cell]] = (
    (2031.1, "H1", 1000.5, 1.0, 1.0, "1", "1", "12", "33", "0", "2", "1"),
    # the same household half a year later counts by itself
    (2031.3, "H1", 900.25, 1.0, 1.0, "1", "2", "12", "33", "0", "2", "1"),
    # no interview
    (2031.1, "H2", 0.0, 1.0, 2.0, None, "3", "5", "33", "13", "2", "3"),
    (2031.1, "H3", 800.0, 2.0, 3.0, "2", "3", None, "32", "13", "1", "3"),
    # a kind of place and a weight that are none; a household twice in one quarter
    (2031.2, "H4", 700.0, 2.0, 1.0, "2", "4", "5", "32", "13", "1", "3"),
    (2031.2, "H5", None, 2.0, 1.0, "2", "1", "5", "32", "13", "1", "3"),
    (2031.4, "H6", 600.0, 2.0, 1.0, "2", "1", "5", "32", "13", "1", "3"),
    (2031.4, "H6", 600.0, 2.0, 1.0, "2", "1", "5", "32", "13", "1", "3"),
)

INCIDENT_COLUMNS = (
    "YEARQ", "IDHH", "IDPER", "V4012", "WGTVICCY", "V4016", "V4017", "V4018", "V4019", "V4021B", "V4022", "V4024",
    "V4049", "V4050", "V4051", "V4052", "V4053", "V4054", "V4055", "V4056", "V4057", "V4058", "V4234", "V4235",
    "V4241", "V4242", "V4243", "V4244", "V4245", "V4248", "V4256", "V4257", "V4258", "V4259", "V4260", "V4261",
    "V4262", "V4263", "V4264", "V4265", "V4266", "V4267", "V4268", "V4269", "V4270", "V4271", "V4272", "V4273",
    "V4274", "V4275", "V4276", "V4277", "V4278", "V4277A", "V4277B", "V4277C", "V4277D", "V4277E", "V4399", "V4529",
)  # fmt: skip


def _incident(**said: Cell) -> tuple[Cell, ...]:
    usual: dict[str, Cell] = {
        "YEARQ": 2031.1,
        "IDHH": "H1",
        "IDPER": "H1-1",
        "V4012": 1.0,
        "WGTVICCY": 1000.0,
        "V4016": 1.0,
    }
    return tuple({**usual, "V4017": "1", "V4022": "3", "V4399": "2", **said}.get(c) for c in INCIDENT_COLUMNS)


INCIDENTS: Sequence[Sequence[Cell]] = (
    _incident(V4529="7", V4049="1", V4051="1", V4399="1"),
    _incident(V4529="12", V4049="1", V4053="1", V4022="4"),
    # a series of twelve, and one of unknown number
    _incident(V4529="20", V4049="2", V4016=12.0, V4017="2", V4018="1", V4019="2"),
    _incident(V4529="57", V4016=998.0, V4017="2", V4018="1", V4019="2", V4399="3"),
    # several events that the victim can tell apart: a record each
    _incident(V4529="33", V4016=4.0, V4017="2", V4018="2", IDHH="H3", V4399="8"),
    _incident(V4529="40", V4022="1"),
    _incident(V4529="2", V4049="3", V4022="5"),
    # a type of crime that is none; a household that is not there
    _incident(V4529="99"),
    _incident(V4529="58", IDHH="H9"),
)

FRAMES: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Cell]]]] = {
    "mx_inegi_penitenciario/golden/ppl_muestra.rds": (COLUMNS, PRISONS),
    "us_ncvs_households/golden/household_sample.rda": (HOUSEHOLD_COLUMNS, HOUSEHOLDS),
    "us_ncvs_incidents/golden/household_sample.rda": (HOUSEHOLD_COLUMNS, HOUSEHOLDS),
    "us_ncvs_incidents/golden/incident_sample.rda": (INCIDENT_COLUMNS, INCIDENTS),
}


def write(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Write rows as a data frame: alone, or in a file of objects under the name of the file."""
    import pandas as pd
    import rdata

    frame = pd.DataFrame.from_records(rows, columns=list(columns))
    kinds = {name: {type(row[place]) for row in rows} - {type(None)} for place, name in enumerate(columns)}
    texts = [name for name, kind in kinds.items() if kind <= {str}]
    frame = frame.astype(dict.fromkeys(texts, "string[python]"))
    if path.suffix == ".rda":
        rdata.write_rda(path, {path.stem: frame})
    else:
        rdata.write_rds(path, frame)


def read(path: Path) -> list[tuple[Cell, ...]]:
    """The rows of a data frame, by a reader that is not ours."""
    import pandas as pd
    import rdata

    frame = rdata.read_rda(path)[path.stem] if path.suffix == ".rda" else rdata.read_rds(path)
    rows = frame.itertuples(index=False, name=None)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in rows]


def main() -> None:
    """Write all golden data frames to their source folders."""
    for name, (columns, rows) in FRAMES.items():
        write(SOURCES / name, columns, rows)


if __name__ == "__main__":
    main()
