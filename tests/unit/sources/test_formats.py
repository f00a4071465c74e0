"""One contract for all formats: the same records in each give the same text, the same numbers and the same facts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.kit import landing
from sources.kit.readers import delivery, raw
from sources.kit.readers.workspace import Workspace
from sources.kit.specification import Layout
from tests.unit.sources import desk, golden
from tests.unit.sources.golden import ALL, COLUMNS, RECORDS, TEXTS, Golden

CODES = {
    "Homicidio doloso": "0101",
    'Daño "menor"; común': "0504",
    "Robo, sin violencia": "0502",
    "Extorsión": "02051",
}


def declared(form: Golden) -> dict[str, Any]:
    name = form.names
    columns = {"open": [name[c] for c in COLUMNS if c != "peso"], "restricted": [name["peso"]]}
    mapping = {
        **desk.MAP,
        "occurrence_municipality": {"copy": name["clave"], "prefix": "MEX-", "form": "MEX-[0-9]{5}"},
        "occurrence_first_level": {"part_of": "occurrence_municipality", "take": [1, 6]},
        "occurrence_date": {"parse": "date", "from": name["fecha"], "formats": ["%Y-%m-%d"]},
        "occurrence_hour": {"parse": "hour", "from": name["hora"]},
        "iccs": {"recode": name["delito"], "codes": CODES},
        "count": {"parse": "integer", "from": name["n"]},
        "longitude": {"parse": "decimal", "from": name["peso"]},
    }
    return desk.layout(file=dict(form.form), columns=columns, map=mapping, **form.layout)


@pytest.mark.parametrize("form", ALL, ids=lambda g: g.id)
def test_every_format_gives_the_same_text(tmp_path: Path, form: Golden) -> None:
    path = tmp_path / form.name
    form.write(path)
    landed = landing.land(path, tmp_path / "landing", "x")
    layout = Layout.model_validate(declared(form))
    with Workspace(tmp_path) as work, duckdb.connect() as connection:
        chosen, opened = delivery.choose(landed, [layout], work)
        read = raw.read(connection, opened)
        values = ", ".join(read.columns[form.names[c]] for c in COLUMNS)
        found = connection.execute(
            f"SELECT {read.row_number()} AS number, {values} FROM {raw.TABLE} ORDER BY number"
        ).fetchall()
    assert chosen is layout
    assert found == [(n, *texts) for n, texts in enumerate(TEXTS, start=1)]
    assert (read.rows_delivered, read.unreadable) == (len(RECORDS), ())
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["landing", form.name]), "no copy is left"


@pytest.mark.parametrize("form", ALL, ids=lambda g: g.id)
def test_every_format_gives_the_same_facts(tmp_path: Path, form: Golden) -> None:
    path = tmp_path / form.name
    form.write(path)
    staged = desk.take_in(desk.source(tmp_path, declared(form)), path, areas=("MEX-01", "MEX-02", "MEX-03"))
    fields = ("row_number", "occurrence_municipality", "occurrence_first_level", "occurrence_date")
    more = ("occurrence_hour", "iccs", "count", "longitude")
    assert staged.records(*fields, *more) == [
        (number, f"MEX-{code}", f"MEX-{code[:2]}", day, hour, CODES[label], n, weight)
        for number, (code, day, hour, label, n, weight, _) in enumerate(RECORDS, start=1)
    ]
    assert staged.broken() == {"count.missing": [8]}
    assert staged.delivery.rows_delivered == staged.delivery.records_made == len(RECORDS)


def test_the_golden_records_are_what_they_should_be() -> None:
    assert golden.TEXTS[0] == ("01000", "2024-01-28", "0", "Homicidio doloso", "0", "0.25", None)
    assert golden.TEXTS[1][5] == "3"
    assert RECORDS[3][1] == dt.date(2024, 4, 25)
