"""The baseline of P1: the fastest DuckDB script by hand that we know for the sample country's police file.

It reads the file once, judges the same rules, makes the same HMACs, and writes the same records into tables with
the same columns and types as ``siprev ingest``. It does no landing, record numbers, accounting, history or snapshot:
columns that hold such things are there and hold zero. Whoever finds a faster one replaces it.

    python tests/benchmarks/baseline_p1.py FILE.csv MAIN.duckdb RESTRICTED.duckdb MEMORY_LIMIT

What makes it fast: closed lists and labels as ENUM, which then are one byte a row; one staged table, of the raw
columns only those that a quarantined record cannot be told without; rules as a bit mask that good rows pay one test
for; no order to be kept; restricted columns that nothing needs are not read.
"""

import hashlib
import hmac
import sys
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
KEY = b"siprev demonstration key, not a secret"

COLUMNS = (
    "FOLIO", "FECHA_HECHO", "HORA_HECHO", "FECHA_DENUNCIA", "CVE_MUN", "MUNICIPIO", "DELITO", "TENTATIVA", "MEDIO",
    "LUGAR", "CONTEXTO", "ZONA", "CORPORACION", "SEXO", "EDAD", "RELACION", "ESCOLARIDAD", "NACIONALIDAD", "CURP",
    "LON", "LAT", "DOMICILIO", "NARRACION",
)  # fmt: skip
#: Columns whose values go into quarantine as they came.
OPEN = tuple(c for c in COLUMNS[1:18])
#: Of these, the ones that are one of a few labels in a good row, with the code of each label.
LABELS = {
    "TENTATIVA": ("completion", {"NO": "completed", "SI": "attempted"}),
    "MEDIO": (
        "mechanism",
        {
            "ARMA DE FUEGO": "firearm", "ARMA BLANCA": "sharp", "OBJETO CONTUNDENTE": "blunt",
            "ASFIXIA": "strangulation", "FUERZA FÍSICA": "bodily_force", "OTRO": "other", "SIN DATO": "_U",
        },
    ),
    "LUGAR": (
        "place_type",
        {
            "VÍA PÚBLICA": "street", "VIVIENDA": "home", "COMERCIO": "trade_service",
            "TRANSPORTE": "public_transport", "ESCUELA": "school", "OTRO": "other", "SIN DATO": "_U",
        },
    ),
    "CONTEXTO": (
        "context",
        {
            "RIÑA": "other_interpersonal", "INTRAFAMILIAR": "partner_or_family", "PANDILLAS": "gang",
            "ROBO": "other_crime", "OTRO": "other", "SE DESCONOCE": "_U",
        },
    ),
    "ZONA": ("urbanisation", {"URBANA": "urban", "RURAL": "rural", "NO ESPECIFICADA": "_U"}),
    "SEXO": ("sex", {"Hombre": "M", "Mujer": "F", "No identificado": "_U"}),
    "RELACION": (
        "relationship",
        {
            "PAREJA": "partner", "EXPAREJA": "former_partner", "OTRO FAMILIAR": "family", "CONOCIDO": "known",
            "DESCONOCIDO": "stranger", "SE IGNORA": "_U",
        },
    ),
    "OFFENCE": (
        "iccs",
        {
            "HOMICIDIO DOLOSO | NO": "0101", "HOMICIDIO DOLOSO | SI": "0102", "FEMINICIDIO | NO": "0101",
            "FEMINICIDIO | SI": "0102", "HOMICIDIO CULPOSO | NO": "01032", "LESIONES DOLOSAS | NO": "02011",
            "AMENAZAS | NO": "02012", "VIOLENCIA FAMILIAR | NO": "0201", "SECUESTRO | NO": "020221",
            "EXTORSIÓN | NO": "02051", "EXTORSIÓN | SI": "02051", "VIOLACIÓN | NO": "03011",
            "VIOLACIÓN | SI": "03011", "ABUSO SEXUAL | NO": "03012", "ROBO A TRANSEÚNTE | NO": "040111",
            "ROBO A TRANSEÚNTE | SI": "040111", "ROBO DE VEHÍCULO CON VIOLENCIA | NO": "040121",
            "HURTO | NO": "0502", "HURTO DE VEHÍCULO | NO": "050211", "DAÑO EN BIENES | NO": "0504",
            "OTROS DELITOS | NO": "unmapped",
        },
    ),
}  # fmt: skip
LISTS = (
    "record_status", "counting_unit", "role", "event_class", "iccs", "completion", "mechanism", "place_type",
    "context", "urbanisation", "country", "date_precision", "sex", "relationship",
)  # fmt: skip
AREAS = "('01', '02', '03', '04', '05')"
#: The day of the file, which no report can be later than.
EDITION = "2023-02-15"
#: Rules in bit order, and when each is broken.
RULES = {
    "completion.unknown_code": "l_tentativa IS NULL AND TENTATIVA IS NOT NULL",
    "context.unknown_code": "l_contexto IS NULL AND CONTEXTO IS NOT NULL",
    "iccs.unknown_code": "l_offence IS NULL AND (DELITO IS NOT NULL OR TENTATIVA IS NOT NULL)",
    "mechanism.unknown_code": "l_medio IS NULL AND MEDIO IS NOT NULL",
    "place_type.unknown_code": "l_lugar IS NULL AND LUGAR IS NOT NULL",
    "relationship.unknown_code": "l_relacion IS NULL AND RELACION IS NOT NULL",
    "urbanisation.unknown_code": "l_zona IS NULL AND ZONA IS NOT NULL",
    "sex.unknown_code": "l_sexo IS NULL AND SEXO IS NOT NULL",
    "age_years.unreadable": "age IS NULL AND EDAD IS NOT NULL",
    "age_years.range": "age < 0 OR age > 110",
    "occurrence_first_level.form": f"mun[:2] NOT IN {AREAS} AND NOT regexp_matches(mun[:2], '^[0-9A-Z]+$')",
    "occurrence_municipality.form": "NOT regexp_matches(mun, '^0[1-5][0-9]{3}$')",
    "occurrence_hour.unreadable": "hour_ IS NULL AND HORA_HECHO IS NOT NULL",
    "occurrence_hour.range": "hour_ > 23",
    "occurrence_date.missing": "FECHA_HECHO IS NULL",
    "occurrence_date.unreadable": "occurred IS NULL AND FECHA_HECHO IS NOT NULL",
    "report_date.unreadable": "reported IS NULL AND FECHA_DENUNCIA IS NOT NULL",
    "report_date.range": "reported < DATE '1900-01-01' OR reported > DATE '2100-12-31'",
    "longitude.unreadable": "x IS NULL AND LON IS NOT NULL",
    "longitude.range": "x < -180 OR x > 180",
    "latitude.unreadable": "y IS NULL AND LAT IS NOT NULL",
    "latitude.range": "y < -90 OR y > 90",
    "report_date.before_occurrence": "reported < occurred",
    "report_date.after_edition": f"reported > DATE '{EDITION}'",
    "iccs.homicide_attempted": "l_offence IN ('HOMICIDIO DOLOSO | NO', 'FEMINICIDIO | NO') AND l_tentativa = 'SI'",
    "key.missing": "FOLIO IS NULL",
    "occurrence_first_level.unknown_code": f"mun[:2] NOT IN {AREAS}",
    "date.outside_period": "occurred < DATE '2022-01-01' OR occurred > DATE '2022-12-31'",
    "key.repeated": "false",  # judged over the whole file, after this
}
#: Rules that only count, over all records, in the order of their bits.
WARNED = {
    "report_date.years_after_occurrence": "reported - occurred > 18300",
    "iccs.attempt_completed": "l_offence IN ('HOMICIDIO DOLOSO | SI', 'FEMINICIDIO | SI') AND l_tentativa = 'NO'",
    "age_years.of_partner": "age < 10 AND l_relacion IN ('PAREJA', 'EXPAREJA')",
    "age_years.of_parent": "age < 12 AND false",  # no label of the police means a child of the offender
}
#: Rules on the good records of the whole file: which they judge, and which of these they count.
HEAPED = {
    "occurrence_hour.heaped_at_midnight": ("hour_ IS NOT NULL", "hour_ = 0"),
    "occurrence_date.heaped_on_first": ("occurred IS NOT NULL", "day(occurred) = 1"),
    "report_date.heaped_on_first": ("reported IS NOT NULL", "day(reported) = 1"),
    "age_years.heaped_at_zero": ("age IS NOT NULL", "age = 0"),
    "age_years.heaped_at_99": ("age IS NOT NULL", "age IN (98, 99)"),
    "age_years.heaped_on_tens": ("age >= 20", "age % 10 = 0"),
    "longitude.heaped_at_zero": ("x IS NOT NULL AND y IS NOT NULL", "x = 0 AND y = 0"),
    "longitude.half_given": ("x IS NOT NULL OR y IS NOT NULL", "(x IS NULL) <> (y IS NULL)"),
    "sex.often_unknown": ("true", "l_sexo IS NULL OR l_sexo = 'No identificado'"),
    "age_years.often_unknown": ("true", "age IS NULL"),
    "mechanism.mostly_unknown": ("true", "l_medio IS NULL OR l_medio = 'SIN DATO'"),
    "relationship.mostly_unknown": ("true", "l_relacion IS NULL OR l_relacion = 'SE IGNORA'"),
    "context.mostly_unknown": ("true", "l_contexto IS NULL OR l_contexto = 'SE DESCONOCE'"),
    "iccs.often_unknown": ("true", "l_offence IS NULL"),
    "occurrence_first_level.often_unknown": ("true", "mun IS NULL"),
    "occurrence_municipality.often_unknown": ("true", "mun IS NULL"),
}
#: The most frequent point is looked for in about this many records.
SAMPLE = 100_000
REPEATED = len(RULES) - 1
#: Bit of the second and later of records that are equal and share a key: they load once.
EQUAL = 30


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def texts(values: object) -> str:
    return ", ".join(map(text, values))  # type: ignore[call-overload]


def mac(purpose: str, column: str) -> str:
    """HMAC-SHA256 in hexadecimal; the pads are variables, which DuckDB folds to constants."""
    inner, outer = (f"getvariable('{purpose}_{pad}')" for pad in ("inner", "outer"))
    return f"sha256({outer} || unhex(sha256({inner} || encode({column}))))"


def raw(columns: dict[str, str]) -> str:
    return f"json_object({', '.join(f'{text(name)}, {value}' for name, value in columns.items())})::VARCHAR"


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Keys and lists."""
    for purpose in ("case", "person"):
        block = hmac.digest(KEY, f"siprev:{purpose}:v0".encode(), hashlib.sha256).ljust(64, b"\0")
        for pad, byte in (("inner", 0x36), ("outer", 0x5C)):
            value = bytes(b ^ byte for b in block).hex()
            connection.execute(f"SET VARIABLE {purpose}_{pad} = unhex('{value}')")
    for name in LISTS:
        path = ROOT / "schemas" / "codelists" / f"{name}.csv"
        source = f"read_csv({text(str(path))}, all_varchar = true)"
        connection.execute(f"CREATE TYPE code_{name} AS ENUM (SELECT code FROM {source})")
    for column, (_, codes) in LABELS.items():
        connection.execute(f"CREATE TEMP TYPE label_{column.lower()} AS ENUM ({texts(codes)})")


def judged(csv: str) -> str:
    """The staged table: what the two tables of records are made from, the broken rules, raw values of bad rows."""
    types = ", ".join(f"{text(c)}: 'VARCHAR'" for c in COLUMNS)
    source = (
        f"read_csv({text(csv)}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"encoding = 'latin-1', columns = {{{types}}})"
    )
    labels = ", ".join(
        f"TRY_CAST({c} AS label_{c.lower()}) AS l_{c.lower()}" for c in LABELS if c != "OFFENCE"
    )
    conditions = list(RULES.values())[:REPEATED]
    bits = " | ".join(f"(coalesce({c}, false)::UINTEGER << {i})" for i, c in enumerate(conditions))
    told = " | ".join(f"(coalesce({c}, false)::UTINYINT << {i})" for i, c in enumerate(WARNED.values()))
    kept = ", ".join(c for c in OPEN if c not in LABELS and c not in ("CVE_MUN", "DELITO"))
    return f"""
        CREATE TEMP TABLE judged AS
        SELECT {kept}, CVE_MUN, {", ".join(f"l_{c.lower()}" for c in LABELS)}, mun, occurred, hour_, reported, age,
            x, y, h_case, h_person, ('0x' || h_case[:15])::BIGINT AS key, broken, warned,
            CASE WHEN broken <> 0 THEN {raw({c: c for c in OPEN})} END AS raw
        FROM (
            SELECT *, CASE WHEN {" OR ".join(f"({c})" for c in conditions)} THEN {bits} ELSE 0::UINTEGER END AS broken,
                CASE WHEN {" OR ".join(f"({c})" for c in WARNED.values())} THEN {told} ELSE 0::UTINYINT END AS warned
            FROM (
                SELECT *, {labels}, TRY_CAST(DELITO || ' | ' || TENTATIVA AS label_offence) AS l_offence,
                    CASE WHEN CVE_MUN <> '99999' THEN CVE_MUN END AS mun,
                    try_strptime(FECHA_HECHO, '%d/%m/%Y')::DATE AS occurred,
                    try_strptime(FECHA_DENUNCIA, '%d/%m/%Y')::DATE AS reported,
                    TRY_CAST(split_part(HORA_HECHO, ':', 1) AS UTINYINT) AS hour_,
                    TRY_CAST(EDAD AS SMALLINT) AS age, TRY_CAST(LON AS DOUBLE) AS x, TRY_CAST(LAT AS DOUBLE) AS y,
                    {mac("case", "FOLIO")} AS h_case, {mac("person", "CURP")} AS h_person
                FROM {source}
            )
        )"""


def judge_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Records that share a key: different ones are bad, of equal ones all but the first are left out."""
    content = (
        "l_offence, l_tentativa, l_medio, l_lugar, l_contexto, l_zona, mun, occurred, hour_, reported, l_sexo, age, "
        "l_relacion, x, y, h_person"
    )
    connection.execute(
        """CREATE TEMP TABLE repeated AS
        SELECT key FROM judged WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1"""
    )
    connection.execute(
        f"""CREATE TEMP TABLE sharing AS
        SELECT id, count(DISTINCT content) OVER same AS n_different,
            row_number() OVER (PARTITION BY key, h_case ORDER BY id) AS nth
        FROM (
            SELECT rowid AS id, key, h_case, md5(({content})::VARCHAR) AS content
            FROM judged SEMI JOIN repeated USING (key)
        )
        WINDOW same AS (PARTITION BY key, h_case)"""
    )
    for bit, condition in ((REPEATED, "n_different > 1"), (EQUAL, "n_different = 1 AND nth > 1")):
        connection.execute(
            f"UPDATE judged SET broken = broken | {1 << bit}::UINTEGER "
            f"WHERE rowid IN (SELECT id FROM sharing WHERE {condition})"
        )


def facts() -> str:
    """The table of facts, with the columns and types of ``core.person_role_row``."""

    def coded(column: str) -> str:
        field, codes = LABELS[column]
        label = f"l_{column.lower()}"
        listed = ", ".join(f"{text(c)}::code_{field}" for c in codes.values())
        return f"([{listed}])[enum_code({label}) + 1] AS {field}, {label}::VARCHAR AS {field}_source_code"

    return f"""
        CREATE TABLE person_role AS
        SELECT 0::INTEGER AS slice_version, 0::BIGINT AS row_number, 0::USMALLINT AS row_part, key AS record_key,
            'provisional'::code_record_status AS record_status,
            'victim'::code_counting_unit AS counting_unit, 1::INTEGER AS "count", 'victim'::code_role AS role,
            'offence'::code_event_class AS event_class, {coded("OFFENCE")}, {coded("TENTATIVA")}, {coded("MEDIO")},
            {coded("LUGAR")}, {coded("CONTEXTO")}, {coded("ZONA")}, 'XAA'::code_country AS occurrence_country,
            'XAA-' || mun[:2] AS occurrence_first_level, 'XAA-' || mun AS occurrence_municipality,
            'XAA-2020' AS boundary_version, occurred AS occurrence_date,
            'day'::code_date_precision AS occurrence_date_precision, hour_ AS occurrence_hour,
            reported AS report_date, 'day'::code_date_precision AS report_date_precision,
            {coded("SEXO")}, age AS age_years, {coded("RELACION")}, key AS case_ref
        FROM judged WHERE broken = 0"""


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Split the staged table."""
    bad = f"broken <> 0 AND broken & {1 << EQUAL}::UINTEGER = 0"
    position = "0::BIGINT AS row_number, 0::USMALLINT AS row_part"
    own = {c: f"l_{c.lower()}::VARCHAR" if c in LABELS else c for c in OPEN} | {
        "DELITO": "split_part(l_offence, ' | ', 1)"
    }
    connection.execute(facts())
    connection.execute(
        f"""CREATE TABLE restricted.person_role AS
        SELECT 0::INTEGER AS slice_version, {position}, unhex(h_case) AS case_hmac,
            key AS person_ref, unhex(h_person) AS person_hmac, x AS longitude, y AS latitude
        FROM judged WHERE broken = 0"""
    )
    connection.execute(
        f"""CREATE TABLE quarantine AS
        SELECT 0::INTEGER AS delivery_id, 0::INTEGER AS batch_id, 'xaa_police_victims' AS source_id,
            'person_role' AS record_type, {position}, date_trunc('month', occurred)::DATE AS slice_period,
            NULL::VARCHAR AS slice_area, 1::DECIMAL(18, 2) AS events,
            list_filter([{texts(RULES)}], lambda code, i: (broken >> (i - 1)) & 1 = 1) AS rules
        FROM judged WHERE {bad}"""
    )
    connection.execute(
        f"""CREATE TABLE restricted.raw AS
        SELECT 0::INTEGER AS delivery_id, {position}, coalesce(raw, {raw(own)}) AS raw FROM judged WHERE {bad}"""
    )


def count(connection: duckdb.DuckDBPyConnection) -> None:
    """The rules that only count: over all records, and over the good ones of the whole file."""
    told = ", ".join(
        f"({text(rule)}, count(*), count(*) FILTER ((warned >> {i}) & 1 = 1))"
        for i, rule in enumerate(WARNED)
    )
    heaps = ", ".join(
        f"({text(rule)}, count(*) FILTER ({judged}), count(*) FILTER (({judged}) AND ({hit})))"
        for rule, (judged, hit) in HEAPED.items()
    )
    point = text("longitude.heaped_at_one_point")
    connection.execute(
        f"""CREATE TABLE results AS
        SELECT unnest(found)[1] AS rule, unnest(found)[2] AS judged, unnest(found)[3] AS broken
        FROM (
            SELECT [{told}] AS found FROM judged WHERE broken & {1 << EQUAL}::UINTEGER = 0
            UNION ALL SELECT [{heaps}] FROM judged WHERE broken = 0
            UNION ALL SELECT [({point}, coalesce(sum(n), 0), coalesce(max(n), 0))] FROM (
                SELECT count(*) AS n FROM judged, (SELECT count(*) // {SAMPLE} + 1 FROM judged) AS every(n)
                WHERE broken = 0 AND x IS NOT NULL AND y IS NOT NULL AND hash(judged.rowid) % every.n = 0
                GROUP BY x, y
            )
        )"""
    )


def main(csv: str, main_file: str, restricted_file: str, memory_limit: str) -> None:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": f"{main_file}.tmp",
        "preserve_insertion_order": False,
        "storage_compatibility_version": "v1.3.0",  # texts of few values are written in two thirds of the time
    }
    with duckdb.connect(main_file, config=config) as connection:
        # hashes, which no compression helps, are written faster in the older form
        connection.execute(f"ATTACH {text(restricted_file)} AS restricted (STORAGE_VERSION 'v1.0.0')")
        prepare(connection)
        connection.execute(judged(csv))
        judge_keys(connection)
        write(connection)
        count(connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
