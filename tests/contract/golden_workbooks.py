"""The golden workbooks: every cell, and how the files are made.

Numbers and names are invented; only the form is that of the published workbooks. The committed files are
compared with this module cell by cell, so that a workbook cannot change without its text. Run it as a
program to write them again: ``python tests/contract/golden_workbooks.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

Cell = str | int | float | date | None
Sheet = Sequence[Sequence[Cell]]

SOURCES = Path(__file__).resolve().parents[2] / "sources"

#: A made-up moment, so that making a file twice gives the same bytes.
CREATED = datetime(2032, 1, 1, tzinfo=None)  # noqa: DTZ001 - the format has no time zone

TITLES: tuple[tuple[Cell, ...], ...] = (
    ("MINISTERIO DE DEFENSA NACIONAL",),
    ("POLICÍA NACIONAL",),
    (),
    ("DIRECCIÓN DE INVESTIGACIÓN CRIMINAL E INTERPOL",),
    ("HOMICIDIOS ",),
)

#: Form of the years up to 2020: codes as numbers that have lost a zero, TOTAL under DEPARTAMENTO.
VICTIMS_2031: Sheet = (
    *TITLES,
    ("PERÍODO DEL 01 DE ENERO AL 31 DE DICIEMBRE AÑO 2031",),
    (),
    (
        "DEPARTAMENTO",
        "MUNICIPIO",
        "CODIGO DANE",
        "ARMAS MEDIOS",
        "FECHA HECHO",
        "GENERO",
        "AGRUPA EDAD PERSONA",
        "CANTIDAD",
    ),
    ("ANTIOQUIA", "MEDELLÍN (CT)", 5001000.0, "ARMA DE FUEGO", date(2031, 1, 1), "MASCULINO", "ADULTOS", 2.0),
    ("VALLE", "CALI (CT)", 76001000.0, "ARMA DE FUEGO", date(2031, 2, 3), "MASCULINO", "ADULTOS", 1.0),
    ("VALLE", "CALI (CT)", 76001000.0, "ARMA DE FUEGO", date(2031, 2, 3), "MASCULINO", "ADULTOS", 1.0),
    (
        "CUNDINAMARCA",
        "BOGOTÁ D.C. (CT)",
        11001000.0,
        "ARMA BLANCA / CORTOPUNZANTE",
        date(2031, 5, 17),
        "FEMENINO",
        "ADOLESCENTES",
        1.0,
    ),
    ("AMAZONAS", "LETICIA (CT)", 91001000.0, "NO REPORTADO", date(2031, 12, 31), "MASCULINO", "MENORES", 1.0),
    ("CHOCÓ", "", None, "CUERDA/SOGA/CADENA", date(2031, 6, 9), "FEMENINO", "ADULTOS", 1.0),
    ("NARIÑO", "PASTO (CT)", 52001000.0, "RAYO SONICO", date(2031, 7, 7), "MASCULINO", "ADULTOS", 1.0),
    (
        "META",
        "VILLAVICENCIO (CT)",
        50001000.0,
        "CONTUNDENTES",
        date(2030, 12, 31),
        "MASCULINO",
        "ADULTOS",
        1.0,
    ),
    ("TOTAL", "", None, "", None, "", "", 9.0),
    ("FUENTE:      DIJIN-POLICÍA NACIONAL. DATOS EXTRAIDOS EL DIA 15 DE JULIO DEL AÑO 2032. ",),
    ("*Agrupación según la ley 1098 del 8 de noviembre de 2006.",),
    ("Elaborado: Persona Inventada Uno",),
    ("Revisado: Persona Inventada Dos",),
)

#: Form of the years since 2021: another order, spaces after names, text codes, the total under ARMAS MEDIOS and
#: written otherwise.
VICTIMS_2032: Sheet = (
    *TITLES,
    ("PERÍODO DEL 01 DE ENERO AL 31 DE MARZO DEL 2032",),
    (
        "ARMAS MEDIOS",
        "DEPARTAMENTO ",
        "MUNICIPIO ",
        "FECHA HECHO",
        "GENERO",
        "AGRUPA EDAD PERSONA",
        "CODIGO DANE",
        "CANTIDAD ",
    ),
    (
        "ARMA DE FUEGO",
        "ANTIOQUIA",
        "Medellín (CT)",
        date(2032, 1, 4),
        "MASCULINO",
        "ADULTOS",
        "05001014",
        3.0,
    ),
    ("CONTUNDENTES", "VALLE", "Cali (CT)", date(2032, 3, 31), "FEMENINO", "ADULTOS", "76001000", 1.0),
    ("ARMA DE FUEGO", "GUAJIRA", "Riohacha (CT)", date(2032, 2, 29), "-", "NO REPORTADO", "44001000", 1.0),
    ("Total general ", "", "", None, "", "", "", 5.0),
    ("FUENTE:      DIJIN-POLICÍA NACIONAL. DATOS EXTRAIDOS EL DIA 12 DE ABRIL 2032. ",),
    ("Elaborado: Persona Inventada Uno",),
    ("Revisado: Persona Inventada Dos",),
    ("Autorizado: Persona Inventada Tres",),
)

#: Sheet Mpios: years as columns; numbers as numbers and as text, a code that is a number, an empty cell.
POPULATION_BY_COLUMNS: Sheet = (
    (
        "departamento_code",
        "departamento",
        "municipio_code",
        "municipio",
        *(float(y) for y in range(2003, 2018)),
    ),
    ("05", "Antioquia", "05001", "Medellín", *(str(1000 + y) for y in range(15))),
    (5.0, "Antioquia", 5002.0, "Abejorral", *(float(200 + y) for y in range(15))),
    ("11", "Bogotá, D.C.", "11001", "Bogotá, D.C.", None, *(float(3001 + y) for y in range(14))),
    ("11", "Bogotá, D.C.", "11001", "Bogotá, D.C.", None, *(float(3001 + y) for y in range(14))),
    ("99", "Vichada", "9900A", "Código Malo", *(float(50 + y) for y in range(15))),
)

#: A sheet of older projections as the office lays them out; the source does not read it.
OLD_PROJECTIONS: Sheet = (
    ("Proyecciones antiguas",),
    ("Código", "Municipio", "2003", "", ""),
    ("", "", "TOTAL", "CABECERA", "RESTO"),
    ("05001", "Medellín", 999999.0, 999990.0, 9.0),
)

#: Sheet Hoja2: one row for each municipality and year.
POPULATION_BY_ROWS: Sheet = (
    ("departamento_code", "departamento", "municipio_code", "municipio", "year", "poblacion"),
    ("05", "Antioquia", "05001", "Medellín", 2018.0, 1100.0),
    ("05", "Antioquia", "05001", "Medellín", 2019.0, 1105.0),
    ("11", "Bogotá, D.C.", "11001", "Bogotá, D.C.", 2018.0, 3100.0),
    ("11", "Bogotá, D.C.", "11001", "Bogotá, D.C.", 2019.0, 3120.0),
    ("88", "San Andrés", "88001", "San Andrés", 2018.0, 60.0),
    ("88", "San Andrés", "88001", "San Andrés", 2018.0, 61.0),
    ("91", "Amazonas", "91001", "Leticia", 2019.0, None),
    ("91", "Amazonas", "91001", "Leticia", 2018.0, 40.5),
)

#: Sheet Hoja1 of the territorial division: codes as text and as numbers, a code that no longer exists.
DIVISION: Sheet = (
    ("COD_DANE", "COD_DEPARTAMENTO", "DEPARTAMENTO", "COD_MUNICIPIO", "MUNICIPIO", "FECHA1erFIS"),
    ("05001", "05", "ANTIOQUIA", "001", "CIUDAD INVENTADA", date(2031, 3, 31)),
    (5002.0, 5.0, "ANTIOQUIA", 2.0, "VILLA DE MUESTRA", None),
    ("94663", "94", "GUAINÍA", "663", "ÁREA QUE YA NO EXISTE", date(2031, 6, 17)),
    ("88001", "88", "ISLAS INVENTADAS", "001", "ISLA DE MUESTRA", None),
    ("88001", "88", "ISLAS INVENTADAS", "001", "ISLA DE MUESTRA", None),
    ("9900A", "99", "VICHADA", "00A", "CÓDIGO MALO", None),
    ("99524", "99", "VICHADA", "524", "", None),
    ("", "99", "VICHADA", "", "SIN CÓDIGO", None),
    ("91405", "91", "AMAZONAS", "405", "NOMBRE UNO", None),
    ("91405", "91", "AMAZONAS", "405", "NOMBRE DOS", None),
)

#: A second sheet with names merged over two rows; the source does not read it.
DIVISION_AS_PRINTED: Sheet = (
    ("Departamento", "", "Municipio", "", "Tipo", "Localización", ""),
    ("Código ", "Nombre", "Código ", "Nombre", "", "Longitud", "Latitud"),
    ("05", "ANTIOQUIA", "05001", "CIUDAD INVENTADA", "Municipio", "-75,581775", "6,246631"),
)

#: Unsatisfied basic needs: codes are numbers that have lost a zero, values have many decimals.
BASIC_NEEDS: Sheet = (
    ("Nombre Departamento", "municipio_code", "municipio", "NBI", "year"),
    ("ANTIOQUIA", 5001.0, "CIUDAD INVENTADA", 5.125, 2031.0),
    ("VICHADA", "99773", "VILLA DE MUESTRA", 88.0625, 2031.0),
    ("VICHADA", 99774.0, "VILLA IMPOSIBLE", 101.5, 2031.0),
    ("CHOCÓ", 27001.0, "VILLA SIN DATO", None, 2031.0),
    ("META", 50001.0, "VILLA REPETIDA", 12.5, 2031.0),
    ("META", 50001.0, "VILLA REPETIDA", 12.5, 2031.0),
)

#: Urban and rural population as the office prints it: titles, names over sixteen years each, a row of the nation,
#: a name that goes over two lines, a municipality made later, notes with the date of the series.
_ZONE_YEARS = tuple(float(y) for y in range(2005, 2021))


def _zones(urban: Sequence[Cell], rural: Sequence[Cell]) -> tuple[Cell, ...]:
    total = tuple(
        u + r if isinstance(u, int) and isinstance(r, int) else None
        for u, r in zip(urban, rural, strict=True)
    )
    return (*total, *urban, *rural)


def _growing(first: int) -> tuple[int, ...]:
    return tuple(first + step for step in range(16))


POPULATION_BY_ZONE: Sheet = (
    (),
    ("PROYECCIONES DE POBLACIÓN INVENTADAS",),
    ("A junio 30",),
    (None, None, None, None, "TOTAL", *(None,) * 15, "CABECERA", *(None,) * 15, "RESTO", *(None,) * 15),
    ("DP", "DPNOM", "DPMP", "MPIO", *_ZONE_YEARS, *_ZONE_YEARS, *_ZONE_YEARS),
    ("05", "Antioquia", "05001", "Ciudad Inventada", *_zones(_growing(1000), _growing(200))),
    ("05", "Antioquia", 5002.0, "Villa de Muestra", *_zones(_growing(30), _growing(40))),
    (None, None, None, "Villa de nombre largo"),
    (
        "23",
        "Córdoba",
        "23815",
        "Villa Nueva (1)",
        *_zones((None,) * 3 + _growing(50)[3:], (None,) * 3 + _growing(60)[3:]),
    ),
    ("99", "Vichada", "9900A", "Código Malo", *_zones(_growing(10), _growing(5))),
    ("00", None, "00", "Total Nacional", *_zones(_growing(1090), _growing(305))),
    ("Fuente: DANE. ",),
    ("Fecha de actualización de la serie: Lunes 29 de marzo de 2032. ",),
    ("(1) Municipio inventado",),
)


def _dark_figure(*rows: Sequence[Cell], number: str, label: str) -> Sheet:
    """A table of the survey of Mexico as the office prints it: titles, a header of two rows, spacers, footnotes."""
    return (
        ("INEGI. Encuesta de Muestra sobre Seguridad Pública 2032 (ENVIPE). Tabulados básicos. ",),
        (),
        ("Delitos ocurridos por entidad", "", "", "", f"Cuadro {number}", "", "Índice"),
        ("federativa, según cifra negra",),
        (2031.0,),
        (),
        ("Entidad federativa", label, "", "Cifra negra2", ""),
        ("", "", "", "Absolutos", "Relativos"),
        (),
        *rows,
        (),
        ("Nota 1: Las estimaciones que aparecen en este cuadro están coloreadas.",),
        ("1 Es la suma de los delitos captados por la encuesta.",),
        ("Fuente: INEGI. Encuesta de Muestra, 2032.",),
    )


#: States and the nation, which has crimes of no state; the header has a line break; a name and a number that are none.
DARK_FIGURE = _dark_figure(
    ("Estados Unidos Mexicanos", 2000.0, "", 1800.0, 90.0),
    ("Aguascalientes", 700.0, "", 600.0, 85.7142857142857),
    ("Distrito Federal", 400.0, "", 390.0, 97.5),
    ("Estado de México", 500.0, "", 480.0, 96.0),
    ("Nueva Galicia", 300.0, "", 200.0, 66.6666666666667),
    ("Zacatecas", 90.0, "", 88.0, "NS"),
    number="3.3",
    label="Delitos\nocurridos1",
)

#: The sheet before it, which the source does not read.
DARK_FIGURE_BY_TYPE: Sheet = (("Tipo de delito", "Delitos ocurridos1"), ("Robo total de vehículo3", 9.0))

#: The first edition had the table by state one sheet before, and another one in its place.
DARK_FIGURE_OF_2012 = _dark_figure(
    ("Estados Unidos Mexicanos", 100.0, "", 91.0, 91.0),
    ("Aguascalientes", 100.0, "", 91.0, 91.0),
    number="3.2",
    label="Delitos ocurridos1",
)
THREE_CRIMES: Sheet = (
    ("Entidad federativa\nTres delitos reportados con mayor frecuencia", "Cifra negra1"),
    ("", ""),
)

#: Measures of several years side by side, codes that are numbers, an empty cell.
PREVALENCE: Sheet = (
    (
        "codigo",
        "abreviatura",
        "estado",
        "pre2013",
        "inc2013",
        "ins2014",
        "pre2012",
        "inc2012",
        "ins2013",
        "pre2011",
        "inc2011",
        "ins2012",
        "pre2010",
        "inc2010",
        "ins2011",
    ),
    (0.0, "NAC", "Estados Unidos Mexicanos", *(60.5 + n + (n % 3 < 2) * 20000 for n in range(12))),
    (1.0, "AGS", "Aguascalientes", *(float(30 + n) for n in range(11)), None),
    (33.0, "NGA", "Nueva Galicia", *(float(50 + n) for n in range(12))),
)

#: Each golden workbook: its sheets in order.
WORKBOOKS: Mapping[str, Mapping[str, Sheet]] = {
    "co_ponal_homicidios/golden/homicidios_2031.xlsx": {"CH2138_20320715": VICTIMS_2031},
    "co_ponal_homicidios/golden/homicidios_2032.xls": {"Sheet1": VICTIMS_2032},
    "co_dane_poblacion/golden/poblacion_2003_2017.xls": {
        "Mpios": POPULATION_BY_COLUMNS,
        "Municipios": OLD_PROJECTIONS,
    },
    "co_dane_poblacion/golden/poblacion_2018_2019.xlsx": {"Hoja2": POPULATION_BY_ROWS},
    "co_dane_nbi/golden/nbi_2031.xlsx": {"Municipios": BASIC_NEEDS},
    "co_dane_poblacion_zona/golden/poblacion_zona.xls": {
        "Mpios": POPULATION_BY_COLUMNS,
        "Municipios": POPULATION_BY_ZONE,
    },
    "mx_envipe_cifra_negra/golden/denuncia_2032.xlsx": {"3.2": DARK_FIGURE_BY_TYPE, "3.3": DARK_FIGURE},
    "mx_envipe_cifra_negra/golden/denuncia_primera.xlsx": {"3.2": DARK_FIGURE_OF_2012, "3.3": THREE_CRIMES},
    "mx_envipe_prevalencia/golden/envipe_muestra.xlsx": {"Sheet1": PREVALENCE, "Sheet2": ()},
    "co_dane_areas/golden/divipola.xlsx": {"Hoja1": DIVISION, "Hoja3": DIVISION_AS_PRINTED},
}


def write(path: Path, sheets: Mapping[str, Sheet]) -> None:
    """Write a workbook in the format of its file name."""
    (_write_xls if path.suffix == ".xls" else _write_xlsx)(path, sheets)


def _write_xlsx(path: Path, sheets: Mapping[str, Sheet]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": CREATED})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(r, c, cell)
                    elif cell is not None:
                        sheet.write_number(r, c, cell)


def _write_xls(path: Path, sheets: Mapping[str, Sheet]) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write(r, c, cell, day)
                elif cell not in (None, ""):
                    sheet.write(r, c, cell)
    book.save(str(path))


def main() -> None:
    """Write all golden workbooks to their source folders."""
    for name, sheets in WORKBOOKS.items():
        write(SOURCES / name, sheets)


if __name__ == "__main__":
    main()
