"""The workbooks of the how-tos on sources and templates: every cell, and how the files are made.

Country, institution and numbers are made up. Run it as a program to write the files again:
``python -m tests.docs.example_workbooks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pipelines.steps.template import Wanted
from schemas.templates.words import label, word
from schemas.templates.workbook import EDITION, LABELS, NAMES, PERIOD
from tests.contract.golden_workbooks import Cell, Sheet, write

DELIVERIES = Path(__file__).resolve().parents[2] / "docs" / "examples" / "deliveries"

MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
# Codes are numbers, as a spreadsheet makes them: their leading zeros are lost.
REGIONS = (
    ("Ríoclaro", 1),
    ("Costa Ámbar", 2),
    ("Altiplano del Sur", 3),
    ("Peñablanca", 4),
    ("Islas del Alba", 5),
)
STREET = "ROBO A PERSONA EN VÍA PÚBLICA"
OFFENCES = (STREET, "ROBO DE VEHÍCULO CON VIOLENCIA", "ROBO A COMERCIO CON VIOLENCIA")


def _number(region: int, offence: int, month: int) -> int:
    return 40 - 12 * offence + 3 * region + (7 * month + 5 * region + 3 * offence) % 11


def sheet(extracted: str, *, first: bool) -> Sheet:
    """The sheet as the police lay it out.

    Args:
        extracted: The day in the last line.
        first: The first edition: region 05 has not sent December, and one label of region 03 lacks its accents.
    """
    rows: list[list[Cell]] = [
        ["POLICÍA NACIONAL DEL PAÍS DE MUESTRA"],
        ["Denuncias de robo por región y mes"],
        ["Del 1 de enero al 31 de diciembre de 2023"],
        [],
        ["AÑO", "REGIÓN ", "CÓDIGO", "DELITO", *MONTHS, "TOTAL"],
    ]
    totals = [0] * 13
    for name, region in REGIONS:
        for place, offence in enumerate(OFFENCES):
            numbers: list[int | None] = [_number(region, place, month) for month in range(1, 13)]
            if first and region == 5:
                numbers[11] = None
            label = "ROBO A PERSONA EN VIA PUBLICA" if first and region == 3 and not place else offence
            given = [n or 0 for n in numbers]
            totals = [t + n for t, n in zip(totals, [*given, sum(given)], strict=True)]
            rows.append([2023, name, region, label, *numbers, sum(given)])
    rows += [["", "TOTAL", "", "", *totals], [f"Fuente: Dirección de Estadística. Extraído el {extracted}."]]
    return rows


#: The template that the how-to gives to the police, and the columns that they fill in.
TEMPLATE = Wanted("incident", "es", "XAA", identifiers=False)
FILLED = (
    "counting_unit",
    "event_class",
    "occurrence_date",
    "iccs",
    "occurrence_first_level",
    "mechanism",
    "n_victims",
)
HOMICIDE, FIREARM, SHARP = (
    "0101 · Homicidio intencional",
    "firearm · Arma de fuego",
    "sharp · Objeto cortante o punzante",
)
EVENTS: tuple[tuple[Cell, ...], ...] = (
    (date(2024, 1, 6), HOMICIDE, "01", FIREARM, 1),
    (date(2024, 1, 20), HOMICIDE, "03", FIREARM, 2),
    # the code alone is enough
    (date(2024, 2, 3), "0101", "03", SHARP, 1),
    (date(2024, 2, 29), "0102", "02", None, 1),
    # pasted from elsewhere: no entry of the list
    (date(2024, 3, 9), "Homicidio", "05", FIREARM, 1),
    (date(2024, 3, 30), HOMICIDE, "04", "_U · Desconocido", 1),
)


def filled_template() -> Sheet:
    """The table of a template as the police fill it in; the sheets around it do not matter."""
    columns = TEMPLATE.columns()
    rows: list[list[Cell]] = [[] for _ in range(NAMES + 1)]
    rows[EDITION] = [word("edition", "es"), None, None, date(2024, 4, 15)]
    rows[PERIOD] = [word("period", "es"), None, None, date(2024, 1, 1), date(2024, 3, 31)]
    rows[LABELS] = [label(c, "es") for c in columns]
    rows[NAMES] = [c.name for c in columns]
    for event in EVENTS:
        cells = dict(zip(FILLED, ("offence · Delito", "offence · Delito", *event), strict=True))
        rows.append([cells.get(c.name) for c in columns])
    return rows


WORKBOOKS: Mapping[str, Mapping[str, Sheet]] = {
    "robos_2023_a.xlsx": {"Robos": sheet("15 de enero de 2024", first=True)},
    "robos_2023_b.xlsx": {"Robos": sheet("15 de marzo de 2024", first=False)},
    "plantilla_llena.xlsx": {"incident": filled_template()},
}


def main() -> None:
    """Write all workbooks."""
    for name, sheets in WORKBOOKS.items():
        write(DELIVERIES / name, sheets)


if __name__ == "__main__":
    main()
