"""Made-up files of layouts that no declared source has: other countries, languages and formats.

Names, numbers and places of persons are made up; ``PERSONAL`` lists those that no draft may show.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Values of columns that lead to a person, which stand in the files below.
PERSONAL = (
    "Severina Quintaneiro",
    "529.982.247-25",
    "BO-2023-",
    "Rua das Camélias",
    "discussão no portão",
    "severina@exemplo.example",
    "8765-4321",
    "Hortensia Zubizarreta",
    "RIT-",
    "zubizarreta",
)

_UFS = ("SP", "RJ", "BA", "MG", "RS")
_PLACES = ("Campinas", "Niterói", "Feira de Santana", "Contagem", "Caxias do Sul", "Santos", "Petrópolis")
_NAMES = (
    "Severina Quintaneiro",
    "José Ferraço",
    "Ana Paula Brandalise",
    "Antônio Lorenzoni",
    "Maria Tavolaro",
)


def _cpf(random_number: random.Random) -> str:
    digits = [random_number.randrange(10) for _ in range(9)]
    for length in (10, 11):
        total = sum(d * w for d, w in zip(digits, range(length, 1, -1), strict=True))
        digits.append(0 if total % 11 < 2 else 11 - total % 11)
    text = "".join(map(str, digits))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def _write(path: Path, rows: list[list[Any]], encoding: str = "utf-8", **dialect: Any) -> Path:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n", **dialect).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def portuguese_victims(folder: Path) -> Path:
    """One row for each victim: semicolons, Windows letters, decimal commas, names, CPF, narratives (Brazil)."""
    draw = random.Random(7)
    head = [
        "Nº BO", "Data do Fato", "Hora do Fato", "UF", "Município", "Natureza", "Meio Empregado", "Sexo", "Idade",
        "Nome da Vítima", "CPF", "E-mail", "Celular", "Logradouro", "Latitude", "Longitude", "Histórico",
    ]  # fmt: skip
    rows: list[list[Any]] = [head]
    for number in range(240):
        day, month = 1 + number % 28, 1 + number % 12
        name = _NAMES[number % len(_NAMES)]
        rows.append(
            [
                f"BO-2023-{number:05}",
                f"{day:02}/{month:02}/2023",
                f"{number % 24:02}:{number % 60:02}",
                _UFS[number % 5],
                _PLACES[number % 7],
                ("Homicídio doloso", "Feminicídio", "Latrocínio", "Tentativa de homicídio")[number % 4],
                ("Arma de fogo", "Arma branca", "Não informado", "Espancamento")[number % 4],
                ("Masculino", "Feminino", "Não informado")[number % 3],
                15 + number % 60,
                name,
                "529.982.247-25" if number == 0 else _cpf(draw),
                "severina@exemplo.example" if number % 2 else "",
                f"(11) 9{draw.randrange(1000, 9999)}-{draw.randrange(1000, 9999)}"
                if number
                else "(11) 98765-4321",
                f"Rua das Camélias {number}",
                f"-23,{500000 + number}",
                f"-46,{600000 + number}",
                f"A vítima {number} relatou discussão no portão e foi levada ao hospital da cidade vizinha às pressas",
            ]
        )
    return _write(folder / "ocorrencias_2023.csv", rows, "cp1252", delimiter=";")


def english_counts(folder: Path) -> Path:
    """Counts by parish, year and month with commas between thousands (Jamaica, whose areas are not held)."""
    parishes = ("Kingston", "St. Andrew", "Portland", "St. Mary", "Manchester", "Clarendon")
    months = ("January", "February", "March", "April", "May", "June")
    rows: list[list[Any]] = [["Parish", "Year", "Month", "Offence", "Cases Reported"]]
    for i, parish in enumerate(parishes):
        for j, month in enumerate(months):
            for k, offence in enumerate(("Murder", "Robbery", "Rape", "Praedial larceny", "Shop breaking")):
                count = 900 + 37 * i + 11 * j + 101 * k
                rows.append([parish, 2024, month, offence, f"{count:,}"])
    return _write(folder / "crime_statistics_2024.csv", rows)


def titles_and_totals(folder: Path) -> Path:
    """A workbook with titles, a header of two rows, months across, a TOTAL row and a footer (Colombia)."""
    import xlsxwriter

    path = folder / "hurtos_2023.xlsx"
    months = ["Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic"]
    departments = {
        "05": "Antioquia",
        "08": "Atlántico",
        "11": "Bogotá, D.C.",
        "13": "Bolívar",
        "15": "Boyacá",
    }
    departments |= {"17": "Caldas", "18": "Caquetá", "19": "Cauca", "20": "Cesar", "23": "Córdoba"}
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Hurtos")
        sheet.write(0, 0, "HURTO A PERSONAS POR DEPARTAMENTO")
        sheet.write(1, 0, "Actualizado al 15 de febrero de 2024")
        sheet.merge_range(3, 0, 4, 0, "Código")
        sheet.merge_range(3, 1, 4, 1, "Departamento")
        sheet.merge_range(3, 2, 4, 2, "Año")
        sheet.merge_range(3, 3, 3, 14, "Denuncias")
        for i, month in enumerate(months):
            sheet.write(4, 3 + i, month)
        totals = [0] * 12
        for row, (code, name) in enumerate(departments.items(), start=5):
            sheet.write_row(row, 0, [code, name, 2023])
            for i in range(12):
                sheet.write(row, 3 + i, 100 + 7 * row + i)
                totals[i] += 100 + 7 * row + i
        last = 5 + len(departments)
        sheet.write_row(last, 1, ["TOTAL", "", *totals])
        sheet.write(last + 2, 0, "Fuente: Policía Nacional. Cifras preliminares.")
    return path


def nested_json(folder: Path) -> Path:
    """One record for each person reported missing, under two keys, with objects within (Mexico)."""
    statuses = ("Desaparecida", "Localizada con vida", "Localizada sin vida")
    items = [
        {
            "folio": f"RIT-{number:06}",
            "fecha_desaparicion": f"2024-{1 + number % 12:02}-{1 + number % 28:02}",
            "estatus_localizacion": statuses[number % 3],
            "entidad": f"{1 + number % 32:02}",
            "persona": {
                "nombre": f"Hortensia Zubizarreta {number}",
                "sexo": "M" if number % 2 else "H",
                "edad": 20,
            },
        }
        for number in range(120)
    ]
    path = folder / "personas_desaparecidas.json"
    path.write_text(json.dumps({"meta": {"n": 120}, "data": {"items": items}}, ensure_ascii=False), "utf-8")
    return path


def lines_of_json(folder: Path) -> Path:
    """One record a line: deaths with ICD-10 causes and dates with a time (Chile, whose areas are not held)."""
    path = folder / "defunciones.ndjson"
    lines = [
        json.dumps(
            {
                "fecha_def": f"2022-{1 + n % 12:02}-{1 + n % 28:02}T08:30:00",
                "causa_basica": ("X954", "X700", "V892", "I219", "X959")[n % 5],
                "sexo": ("Hombre", "Mujer")[n % 2],
                "edad": 1 + n % 90,
                "cod_region": f"{1 + n % 16:02}",
            }
        )
        for n in range(160)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def spss_survey(folder: Path) -> Path:
    """A survey with weight, stratum, cluster and labelled answers, as an SPSS file."""
    import pandas as pd
    import pyreadstat

    n = 300
    frame = pd.DataFrame(
        {
            "ID_PER": [f"{i:06}" for i in range(n)],
            "EST_DIS": [f"{1 + i % 4:03}" for i in range(n)],
            "UPM": [f"{1 + i % 30:05}" for i in range(n)],
            "FACTOR": [1000.5 + i for i in range(n)],
            "SEXO": [1.0 + i % 2 for i in range(n)],
            "EDAD": [18.0 + i % 60 for i in range(n)],
        }
    )
    path = folder / "encuesta_victimizacion_2023.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"SEXO": {1.0: "Hombre", 2.0: "Mujer"}})
    return path


def parquet_counts(folder: Path) -> Path:
    """Counts by state code and day with typed columns, as Parquet (Mexico)."""
    import duckdb

    path = folder / "robos.parquet"
    duckdb.sql(
        f"""COPY (SELECT DATE '2024-01-01' + (i % 60)::INTEGER AS fecha_hecho, 1 + i % 32 AS cve_ent,
        ['Robo de vehículo', 'Robo a transeúnte', 'Robo a casa habitación'][1 + i % 3] AS tipo_de_delito,
        i % 9 AS numero_de_casos FROM range(2000) AS t(i)) TO '{path}' (FORMAT parquet)"""
    )
    return path


def open_document(folder: Path) -> Path:
    """One row for each victim in an ODS workbook: second sheet, dates as cells (El Salvador)."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    cover = Table(name="Portada")
    row = TableRow()
    cell = TableCell()
    cell.addElement(P(text="Policía: víctimas de homicidio"))
    row.addElement(cell)
    cover.addElement(row)
    document.spreadsheet.addElement(cover)
    table = Table(name="Datos")
    head = ["Correlativo", "Fecha del hecho", "Departamento", "Arma", "Sexo", "Edad"]
    body = [
        [
            str(n),
            f"2023-{1 + n % 12:02}-{1 + n % 28:02}",
            ("San Salvador", "La Libertad", "Santa Ana", "Sonsonate")[n % 4],
            ("Arma de fuego", "Arma blanca", "Otros")[n % 3],
            ("Hombre", "Mujer")[n % 2],
            str(18 + n % 50),
        ]
        for n in range(1, 90)
    ]
    for values in [head, *body]:
        row = TableRow()
        for value in values:
            date = value[:4] == "2023" and len(value) == 10
            cell = TableCell(valuetype="date", datevalue=value) if date else TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    path = folder / "homicidios_2023.ods"
    document.save(str(path))
    return path


def fixed_width(folder: Path) -> Path:
    """Columns at fixed places, which nothing in the file tells."""
    path = folder / "old_system.txt"
    path.write_text("".join(f"{20230100 + n % 28 + 1}{n % 99:02}M{n:07}\n" for n in range(80)), "ascii")
    return path


def without_header(folder: Path) -> Path:
    """Persons in the first line where names of columns should be."""
    rows = [[n, "Hortensia Zubizarreta", f"2023-01-{1 + n % 28:02}", 30 + n] for n in range(40)]
    return _write(folder / "sin_encabezado.csv", rows)


ALL: tuple[Callable[[Path], Path], ...] = (
    portuguese_victims, english_counts, titles_and_totals, nested_json, lines_of_json, spss_survey, parquet_counts,
    open_document, fixed_width, without_header,
)  # fmt: skip
