"""The workbooks of the how-to on sources: every cell, and how the files are made.

Country, institution and numbers are made up. Run it as a program to write the files again:
``python -m tests.docs.example_workbooks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

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


WORKBOOKS: Mapping[str, Mapping[str, Sheet]] = {
    "robos_2023_a.xlsx": {"Robos": sheet("15 de enero de 2024", first=True)},
    "robos_2023_b.xlsx": {"Robos": sheet("15 de marzo de 2024", first=False)},
}


def main() -> None:
    """Write all workbooks."""
    for name, sheets in WORKBOOKS.items():
        write(DELIVERIES / name, sheets)


if __name__ == "__main__":
    main()
