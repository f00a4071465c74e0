"""The baseline of P2: the same load as a person would write it with pandas and pandera, and DuckDB as the store.

pandas reads, recodes and parses, pandera judges (lazily: all rules of all rows), Python makes the HMACs, and DuckDB
gets the same tables with the same columns and types as from the baseline of P1.

    python tests/benchmarks/baseline_p2.py FILE.csv MAIN.duckdb RESTRICTED.duckdb
"""

import hashlib
import hmac
import json
import sys

import duckdb
import pandas as pd
import pandera.pandas as pa

from tests.benchmarks import baseline_p1 as work

AREAS = [f"XAA-0{n}" for n in range(1, 6)]
START, END = pd.Timestamp(2022, 1, 1), pd.Timestamp(2022, 12, 31)
EARLIEST, LATEST, EDITION = pd.Timestamp(1900, 1, 1), pd.Timestamp(2100, 12, 31), pd.Timestamp(work.EDITION)
#: Columns that say nothing but whether something was given and could be read.
READABLE = {
    "occurrence_date": ("occurred", "FECHA_HECHO"),
    "occurrence_hour": ("hour", "HORA_HECHO"),
    "report_date": ("reported", "FECHA_DENUNCIA"),
    "age_years": ("age", "EDAD"),
    "longitude": ("x", "LON"),
    "latitude": ("y", "LAT"),
}


def checked(check: str, *arguments: object, error: str) -> pa.Check:
    made: pa.Check = getattr(pa.Check, check)(*arguments, error=error)
    return made


SCHEMA = pa.DataFrameSchema(
    {
        column: pa.Column(str, checked("isin", list(codes), error=f"{field}.unknown_code"), nullable=True)
        for column, (field, codes) in work.LABELS.items()
    }
    | {
        f"readable_{field}": pa.Column(bool, checked("isin", [True], error=f"{field}.unreadable"))
        for field in READABLE
    }
    | {
        "first_level": pa.Column(
            str,
            [
                checked("str_matches", "^[A-Z]{3}-[0-9A-Z]+$", error="occurrence_first_level.form"),
                checked("isin", AREAS, error="occurrence_first_level.unknown_code"),
            ],
            nullable=True,
        ),
        "municipality": pa.Column(
            str,
            checked("str_matches", "^XAA-0[1-5][0-9]{3}$", error="occurrence_municipality.form"),
            nullable=True,
        ),
        "given": pa.Column(bool, checked("isin", [True], error="occurrence_date.missing")),
        "occurred": pa.Column(
            "datetime64[s]",
            checked("in_range", START, END, error="date.outside_period"),
            nullable=True,
            coerce=True,
        ),
        "reported": pa.Column(
            "datetime64[s]",
            [
                checked("in_range", EARLIEST, LATEST, error="report_date.range"),
                checked("le", EDITION, error="report_date.after_edition"),
            ],
            nullable=True,
            coerce=True,
        ),
        "in_order": pa.Column(bool, checked("isin", [True], error="report_date.before_occurrence")),
        "homicide_done": pa.Column(bool, checked("isin", [True], error="iccs.homicide_attempted")),
        "hour": pa.Column("Int64", checked("le", 23, error="occurrence_hour.range"), nullable=True),
        "age": pa.Column("Int64", checked("in_range", 0, 110, error="age_years.range"), nullable=True),
        "x": pa.Column(float, checked("in_range", -180, 180, error="longitude.range"), nullable=True),
        "y": pa.Column(float, checked("in_range", -90, 90, error="latitude.range"), nullable=True),
        "with_key": pa.Column(bool, checked("isin", [True], error="key.missing")),
    }
)


def read(csv: str) -> pd.DataFrame:
    """The columns that are needed, as text."""
    wanted = [c for c in work.COLUMNS if c not in ("DOMICILIO", "NARRACION")]
    return pd.read_csv(
        csv, encoding="latin-1", dtype=str, keep_default_na=False, na_values=[""], usecols=wanted
    )


def mac(column: pd.Series, purpose: str) -> pd.Series:
    key = hmac.digest(work.KEY, f"siprev:{purpose}:v0".encode(), hashlib.sha256)
    return column.map(lambda value: hmac.digest(key, value.encode(), "sha256"), na_action="ignore")


def conform(raw: pd.DataFrame) -> pd.DataFrame:
    """Typed and recoded columns; what cannot be read becomes missing."""
    known = raw.CVE_MUN.where(raw.CVE_MUN != "99999")
    given = raw.DELITO.notna() | raw.TENTATIVA.notna()
    frame = raw.assign(
        OFFENCE=(raw.DELITO.fillna("") + " | " + raw.TENTATIVA.fillna("")).where(given),
        municipality="XAA-" + known,
        first_level="XAA-" + known.str[:2],
        occurred=pd.to_datetime(raw.FECHA_HECHO, format="%d/%m/%Y", errors="coerce"),
        reported=pd.to_datetime(raw.FECHA_DENUNCIA, format="%d/%m/%Y", errors="coerce"),
        hour=pd.to_numeric(raw.HORA_HECHO.str.slice(0, 2), errors="coerce").astype("Int64"),
        age=pd.to_numeric(raw.EDAD, errors="coerce").astype("Int64"),
        x=pd.to_numeric(raw.LON, errors="coerce"),
        y=pd.to_numeric(raw.LAT, errors="coerce"),
        given=raw.FECHA_HECHO.notna(),
        with_key=raw.FOLIO.notna(),
        case_hmac=mac(raw.FOLIO, "case"),
        person_hmac=mac(raw.CURP, "person"),
    )
    frame["in_order"] = ~(frame.reported < frame.occurred)
    frame["homicide_done"] = ~(
        frame.OFFENCE.isin(["HOMICIDIO DOLOSO | NO", "FEMINICIDIO | NO"]) & (frame.TENTATIVA == "SI")
    )
    for field, (value, text) in READABLE.items():
        frame[f"readable_{field}"] = frame[value].notna() | frame[text].isna()
    return frame


def broken_rules(frame: pd.DataFrame) -> tuple[pd.Series, pd.Index]:
    """The list of broken rules of each bad row, and the rows that repeat an equal one."""
    try:
        SCHEMA.validate(frame, lazy=True)
        cases = pd.DataFrame({"index": [], "check": []})
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["index", "check"]]
    sharing = frame[frame.FOLIO.notna() & frame.duplicated("FOLIO", keep=False)]
    content = [c for c in frame.columns if c not in work.OPEN or c in work.LABELS]
    equal = sharing.duplicated(content, keep=False)
    again = sharing.index[sharing.duplicated(content)]
    different = pd.DataFrame({"index": sharing.index[~equal], "check": "key.repeated"})
    order = {rule: n for n, rule in enumerate(work.RULES)}
    listed = (
        pd.concat([cases, different])
        .groupby("index")
        .check.agg(lambda rules: sorted(rules, key=order.__getitem__))
    )
    return listed, again


def tables(frame: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Facts, restricted columns, quarantine and its raw values, and what the counting rules found."""
    broken, again = broken_rules(frame)
    bad = frame.loc[broken.index]
    facts = frame.drop(index=frame.index[frame.index.isin(broken.index) | frame.index.isin(again)])
    facts["key"] = facts.case_hmac.map(lambda made: int.from_bytes(made[:8]) >> 4)
    for column, (_, codes) in work.LABELS.items():
        # few values: DuckDB takes categories over far faster than texts
        facts[f"code_{column}"] = facts[column].map(codes).astype("category")
        facts[column] = facts[column].astype("category")
    for column in ("first_level", "municipality"):
        facts[column] = facts[column].astype("category")
    records = bad[list(work.OPEN)].astype(object).where(bad[list(work.OPEN)].notna(), None).to_dict("records")
    raw = pd.DataFrame({"raw": [json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in records]})
    results = counted(frame.drop(index=again), facts)
    restricted = facts[["case_hmac", "person_hmac", "key", "x", "y"]]
    quarantine = pd.DataFrame({"occurred": bad.occurred, "rules": broken})
    needed = [*work.LABELS, *(f"code_{c}" for c in work.LABELS), "key", "first_level", "municipality"]
    return facts[[*needed, "occurred", "hour", "reported", "age"]], restricted, quarantine, raw, results


def counted(frame: pd.DataFrame, good: pd.DataFrame) -> pd.DataFrame:
    """The rules that only count: over all records, and over the good ones of the whole file."""
    every, at_all = pd.Series(True, frame.index), pd.Series(True, good.index)
    attempts = frame.OFFENCE.isin(["HOMICIDIO DOLOSO | SI", "FEMINICIDIO | SI"])
    partner = frame.RELACION.isin(["PAREJA", "EXPAREJA"])
    both = good.x.notna() & good.y.notna()
    found = {
        "report_date.years_after_occurrence": (every, (frame.reported - frame.occurred).dt.days > 18300),
        "iccs.attempt_completed": (every, attempts & (frame.TENTATIVA == "NO")),
        "age_years.of_partner": (every, partner & (frame.age < 10)),
        "age_years.of_parent": (every, ~every),
        "occurrence_hour.heaped_at_midnight": (good.hour.notna(), good.hour == 0),
        "occurrence_date.heaped_on_first": (good.occurred.notna(), good.occurred.dt.day == 1),
        "report_date.heaped_on_first": (good.reported.notna(), good.reported.dt.day == 1),
        "age_years.heaped_at_zero": (good.age.notna(), good.age == 0),
        "age_years.heaped_at_99": (good.age.notna(), good.age.isin([98, 99])),
        "age_years.heaped_on_tens": (good.age >= 20, good.age % 10 == 0),
        "longitude.heaped_at_zero": (both, (good.x == 0) & (good.y == 0)),
        "longitude.half_given": (good.x.notna() | good.y.notna(), good.x.isna() != good.y.isna()),
        "sex.often_unknown": (at_all, good.SEXO.isna() | (good.SEXO == "No identificado")),
        "age_years.often_unknown": (at_all, good.age.isna()),
        "mechanism.mostly_unknown": (at_all, good.MEDIO.isna() | (good.MEDIO == "SIN DATO")),
        "relationship.mostly_unknown": (at_all, good.RELACION.isna() | (good.RELACION == "SE IGNORA")),
        "context.mostly_unknown": (at_all, good.CONTEXTO.isna() | (good.CONTEXTO == "SE DESCONOCE")),
        "iccs.often_unknown": (at_all, good.OFFENCE.isna()),
        "occurrence_first_level.often_unknown": (at_all, good.first_level.isna()),
        "occurrence_municipality.often_unknown": (at_all, good.municipality.isna()),
    }
    rows = [(rule, int(judged.sum()), int((judged & hit).sum())) for rule, (judged, hit) in found.items()]
    sample = good[both]
    sample = sample.sample(min(len(sample), work.SAMPLE), random_state=0)
    points = sample.groupby(["x", "y"]).size()
    rows.append(("longitude.heaped_at_one_point", len(sample), int(points.max()) if len(points) else 0))
    return pd.DataFrame(rows, columns=["rule", "judged", "broken"])


def store(main_file: str, restricted_file: str, frames: tuple[pd.DataFrame, ...]) -> None:
    """Into tables with the columns and types that ingestion gives them."""
    with duckdb.connect(main_file) as connection:
        connection.execute(f"ATTACH {work.text(restricted_file)} AS restricted")
        work.prepare(connection)
        for name, frame in zip(("facts", "apart", "bad", "texts", "counted"), frames, strict=True):
            connection.register(name, frame)

        def coded(column: str) -> str:
            field = work.LABELS[column][0]
            return f"code_{column}::code_{field} AS {field}, {column}::VARCHAR AS {field}_source_code"

        position = "0::BIGINT AS row_number, 0::USMALLINT AS row_part"
        connection.execute(
            f"""CREATE TABLE person_role AS
            SELECT 0::INTEGER AS slice_version, {position}, key AS record_key,
                'provisional'::code_record_status AS record_status,
                'victim'::code_counting_unit AS counting_unit, 1::INTEGER AS "count", 'victim'::code_role AS role,
                'offence'::code_event_class AS event_class, {", ".join(map(coded, ("OFFENCE", "TENTATIVA", "MEDIO")))},
                {", ".join(map(coded, ("LUGAR", "CONTEXTO", "ZONA")))}, 'XAA'::code_country AS occurrence_country,
                first_level::VARCHAR AS occurrence_first_level,
                municipality::VARCHAR AS occurrence_municipality,
                'XAA-2020' AS boundary_version, occurred::DATE AS occurrence_date,
                'day'::code_date_precision AS occurrence_date_precision, hour::UTINYINT AS occurrence_hour,
                reported::DATE AS report_date, 'day'::code_date_precision AS report_date_precision,
                {coded("SEXO")}, age::SMALLINT AS age_years, {coded("RELACION")}, key AS case_ref
            FROM facts"""
        )
        connection.execute(
            f"""CREATE TABLE restricted.person_role AS
            SELECT 0::INTEGER AS slice_version, {position}, case_hmac, key AS person_ref, person_hmac,
                x AS longitude, y AS latitude FROM apart"""
        )
        connection.execute(
            f"""CREATE TABLE quarantine AS
            SELECT 0::INTEGER AS delivery_id, 0::INTEGER AS batch_id, 'xaa_police_victims' AS source_id,
                'person_role' AS record_type, {position}, date_trunc('month', occurred)::DATE AS slice_period,
                NULL::VARCHAR AS slice_area, 1::DECIMAL(18, 2) AS events, rules
            FROM bad"""
        )
        connection.execute(
            f"CREATE TABLE restricted.raw AS SELECT 0::INTEGER AS delivery_id, {position}, raw FROM texts"
        )
        connection.execute("CREATE TABLE results AS FROM counted")


def main(csv: str, main_file: str, restricted_file: str) -> None:
    store(main_file, restricted_file, tables(conform(read(csv))))


if __name__ == "__main__":
    main(*sys.argv[1:])
