"""Population and areas of the sample country, which do not grow with the scale.

Bad rows of the population carry a municipality that does not exist, so that no denominator is touched by them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import literal
from pipelines.sample_countries.writing import csvfile
from pipelines.sample_countries.xaa import territory

SOURCE = "xaa_population"
FILE = "poblacion_2020-2024__ed2024-06-01.csv"
AREA_SOURCE = "xaa_areas"
AREA_FILE = "areas__ed2020-01-01.csv"

YEARS = range(2020, 2025)
OLDEST = 85

#: Each is one extra row of this municipality, which is in no list.
NOWHERE = "01099"
FAULTS: tuple[Fault, ...] = (
    Fault("count_negative", {"POBLACION": "'-5'"}, ("count.range",)),
    Fault("count_text", {"POBLACION": "'n/d'"}, ("count.unreadable",)),
    Fault("count_missing", {"POBLACION": "NULL"}, ("count.missing",)),
    Fault("sex_unknown", {"SEXO": "'Ambos?'"}, ("sex.unknown_code",)),
    Fault("age_text", {"EDAD": "'adulto'"}, ("age_from.unreadable", "age_to.unreadable")),
    Fault("age_high", {"EDAD": "'111'"}, ("age_from.range", "age_to.range")),
    Fault(
        "area_zero_lost",
        {"CVE_MUN": "'1099'"},
        # the first-level area follows from the municipality
        ("residence_first_level.unknown_code", "residence_municipality.form"),
    ),
    Fault("year_text", {"ANIO": "'20X2'"}, ("reference_date.unreadable",)),
    Fault("key_repeated", {"CVE_MUN": "'01098'", "EDAD": "'0'", "POBLACION": "'10'"}, ("key.repeated",)),
    Fault("key_repeated", {"CVE_MUN": "'01098'", "EDAD": "'0'", "POBLACION": "'11'"}, ("key.repeated",)),
)

AREA_FAULTS: tuple[Fault, ...] = (
    Fault("level_unknown", {"CODIGO": "'01091'", "NIVEL": "'Barrio'"}, ("area_level.unknown_code",)),
    Fault("code_form", {"CODIGO": "'1-92'"}, ("area_code.form",)),
    Fault("name_missing", {"CODIGO": "'01093'", "NOMBRE": "NULL"}, ("name.missing",)),
    Fault(
        "date_impossible", {"CODIGO": "'01094'", "VIGENTE_DESDE": "'2020-13-01'"}, ("valid_from.unreadable",)
    ),
    Fault(
        "parent_other_country",
        {"CODIGO": "'01095'", "SUPERIOR": "'XAB-01'"},
        ("parent_code.form", "parent_code.of_another_country"),
    ),
    Fault("key_missing", {"CODIGO": "NULL"}, ("area_code.missing", "key.missing")),
    Fault("key_repeated", {"CODIGO": "'01097'", "NOMBRE": "'Uno'"}, ("key.repeated",)),
    Fault("key_repeated", {"CODIGO": "'01097'", "NOMBRE": "'Otro'"}, ("key.repeated",)),
)


def plan(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``people``: persons by municipality, year, sex and single year of age."""
    places = ", ".join(
        f"({n}, {literal(code)}, {thousands})"
        for n, (code, _, thousands) in enumerate(territory.MUNICIPALITIES)
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE people AS
        WITH place(n, municipality, thousands) AS (VALUES {places}),
        weighted AS (
            SELECT age, CASE WHEN age = {OLDEST} THEN 600 ELSE 1400 - 12 * age - age * age // 40 END AS weight
            FROM range({OLDEST + 1}) AS ages(age)
        )
        SELECT municipality, year, sex, age,
            (thousands * (1000 + (year - 2022) * (8 + n % 9))        -- inhabitants of the year
                * weight * if(sex = 'M', 512 - age * age // 100, 488 + age * age // 100)
                * (970 + (md5_number_lower(concat_ws('-', municipality, sex, age)) % 61)::BIGINT)
                // ((SELECT sum(weight) FROM weighted)::BIGINT * 1000 * 1000))::BIGINT AS persons
        FROM place, range({YEARS.start}, {YEARS.stop}) AS years(year), (VALUES (0, 'M'), (1, 'F')) AS sexes(s, sex),
            weighted
        ORDER BY year, n, s, age
    """)


def write(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the population file: the good rows, one of them again, the bad ones, and the office's total.

    Returns:
        The stated total: the sum of the column as it stands in the file, bad and repeated rows included.
    """
    good = f"""
        SELECT year::VARCHAR AS ANIO, municipality AS CVE_MUN, if(sex = 'M', 'Hombre', 'Mujer') AS SEXO,
            if(age = {OLDEST}, '{OLDEST}+', age::VARCHAR) AS EDAD, persons::VARCHAR AS POBLACION
        FROM people"""
    bad = extra_rows(
        FAULTS,
        {
            "ANIO": "'2022'",
            "CVE_MUN": literal(NOWHERE),
            "SEXO": "'Hombre'",
            "EDAD": "number::VARCHAR",
            "POBLACION": "'10'",
        },
    )
    rows = f"({good}) UNION ALL (FROM ({good}) LIMIT 1) UNION ALL ({bad})"
    stated = f"SELECT sum(TRY_CAST(POBLACION AS BIGINT))::BIGINT FROM ({rows})"
    csvfile.write(connection, f"{rows} UNION ALL (SELECT '', 'TOTAL', '', '', ({stated})::VARCHAR)", path)
    return int(connection.execute(stated).fetchall()[0][0])


def write_areas(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the list of areas in two levels, one row of it again, and the bad rows."""
    columns = ("CODIGO", "NIVEL", "SUPERIOR", "NOMBRE", "VIGENTE_DESDE", "VIGENTE_HASTA")
    rows = [(code, "Región", territory.COUNTRY, name) for code, name in territory.FIRST_LEVELS.items()]
    rows += [
        (code, "Municipio", territory.published(code[:2]), name) for code, name, _ in territory.MUNICIPALITIES
    ]
    rows.append(rows[-1])
    values = ", ".join(f"({', '.join(map(literal, row))}, '2020-01-01', NULL)" for row in rows)
    bad = extra_rows(
        AREA_FAULTS,
        dict(
            zip(
                columns,
                ("'01090'", "'Municipio'", "'XAA-01'", "'Sin nombre'", "'2020-01-01'", "NULL"),
                strict=True,
            )
        ),
    )
    csvfile.write(connection, f"FROM (VALUES {values}) AS area({', '.join(columns)}) UNION ALL ({bad})", path)


def area_count() -> int:
    """Number of good areas."""
    return len(territory.FIRST_LEVELS) + len(territory.MUNICIPALITIES)


def extra_rows(faults: tuple[Fault, ...], good: dict[str, str]) -> str:
    """A query with one row for each fault: the good row's values (SQL) with the fault's changes."""
    rows = [
        "SELECT "
        + ", ".join(
            f"{fault.changes.get(column, value).replace('number', str(number))} AS {column}"
            for column, value in good.items()
        )
        for number, fault in enumerate(faults)
    ]
    return " UNION ALL ".join(rows)
