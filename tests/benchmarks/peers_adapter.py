"""The product as a contender of ``../shared/peers``: the real ingestion, and its tables by the names used there.

    python peers_adapter.py FILE.csv DUCKDB_FILE

What does not fit, so that outcomes differ: the folio, of which facts keep only a key without meaning; the time of
day; an HMAC under a key of our own; restricted columns and identifiers, which do not exist in quarantine. Rules that
a source cannot declare are not judged: a missing offence, sex or place; the length of an identifier; coordinates
within a rectangle (ours are those of the globe).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
SOURCE = "peers_police"
#: What the rules there are called.
RULES = {
    "key.missing": "folio_present",
    "key.repeated": "folio_unique",
    "occurrence_date.missing": "date_valid",
    "occurrence_date.unreadable": "date_valid",
    "date.outside_period": "date_not_future",
    "occurrence_municipality.form": "municipality_code",
    "iccs.unknown_code": "offence_known",
    "sex.unknown_code": "sex_known",
    "mechanism.unknown_code": "mechanism_known",
    "age_years.unreadable": "age_number",
    "age_years.range": "age_range",
    "longitude.unreadable": "lon_range",
    "longitude.range": "lon_range",
    "latitude.unreadable": "lat_range",
    "latitude.range": "lat_range",
    "place_type.unknown_code": "place_known",
}
TABLES = """
CREATE TABLE main.restricted_row AS FROM restricted.core.person_role_row;
CREATE TABLE main.raw_row AS FROM restricted.quarantine.raw;
CREATE VIEW main.incident AS
    SELECT NULL::VARCHAR AS folio, f.occurrence_date::TIMESTAMP AS occurred, f.occurrence_municipality[5:] AS cve_mun,
        f.iccs::VARCHAR AS iccs, f.sex::VARCHAR AS sex, f.age_years AS age, f.mechanism::VARCHAR AS mechanism,
        r.longitude AS x, r.latitude AS y, f.place_type_source_code AS lugar, lower(hex(r.person_hmac)) AS person_id
    FROM core.person_role AS f LEFT JOIN main.restricted_row AS r USING (row_number, row_part);
CREATE VIEW main.quarantine AS
    SELECT r.raw ->> 'folio' AS folio, r.raw ->> 'fecha_hecho' AS fecha_hecho, r.raw ->> 'cve_mun' AS cve_mun,
        r.raw ->> 'delito' AS delito, r.raw ->> 'sexo' AS sexo, r.raw ->> 'edad' AS edad, r.raw ->> 'medio' AS medio,
        NULL::VARCHAR AS lon, NULL::VARCHAR AS lat, r.raw ->> 'lugar' AS lugar, NULL::VARCHAR AS person_id,
        list_distinct(list_filter(list_transform(q.rules, lambda code: {rules}[code]), lambda name: name IS NOT NULL))
            AS broken
    FROM quarantine.record AS q JOIN main.raw_row AS r USING (delivery_id, row_number, row_part);
CREATE TABLE main.cube AS
    SELECT coalesce(cve_mun, state, country) AS area, month, iccs, coalesce(sex, '_T') AS sex,
        coalesce(mechanism, '_T') AS mechanism, count(*) AS n
    FROM (
        SELECT occurrence_municipality[5:] AS cve_mun, occurrence_municipality[5:6] AS state, 'MEX' AS country,
            date_trunc('month', occurrence_date)::DATE AS month, iccs::VARCHAR AS iccs, sex::VARCHAR AS sex,
            mechanism::VARCHAR AS mechanism
        FROM core.person_role
    )
    GROUP BY GROUPING SETS (
        (cve_mun, month, iccs), (state, month, iccs, sex), (state, month, iccs, mechanism),
        (country, month, iccs, sex, mechanism)
    );
"""


def main(csv: str, database: str) -> None:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=Path(database).parent) as folder:
        home = Path(folder) / "home"
        delivery = Path(folder) / "police_2019to2023.csv"
        delivery.symlink_to(Path(csv).resolve())
        siprev = Path(sys.executable).parent / "siprev"
        command: list[str | Path] = [
            siprev,
            "--home",
            home,
            "--sources",
            HERE / "sources",
            "ingest",
            SOURCE,
            delivery,
        ]
        # the folder of the peers is on the path and has modules of its own
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
        status = subprocess.run(command, stdout=subprocess.DEVNULL, env=environment).returncode
        if status not in (0, 1):  # 1: all rows are bad, and in quarantine
            sys.exit(status)
        ingested = time.perf_counter()
        fit(home, Path(database))
    ended = time.perf_counter()
    print(json.dumps({"ingest": round(ingested - started, 2), "fit": round(ended - ingested, 2)}))


def fit(home: Path, database: Path) -> None:
    """Leave the tables of the work in the file."""
    shutil.move(home / "warehouse.duckdb", database)
    listed = ", ".join(f"'{ours}': '{theirs}'" for ours, theirs in RULES.items())
    with duckdb.connect(database) as connection:
        attached = str(home / "restricted.duckdb").replace("'", "''")
        connection.execute(f"ATTACH '{attached}' AS restricted (READ_ONLY)")
        connection.execute(TABLES.replace("{rules}", f"MAP {{{listed}}}"))


if __name__ == "__main__":
    main(*sys.argv[1:])
