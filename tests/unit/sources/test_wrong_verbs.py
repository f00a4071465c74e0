"""Verbs that are declared wrongly: each message says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.unit.sources.tried import VERB


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        ({"parse": "date", "from": "a", "formats": ["%d/%m/%y"]}, "years_from"),
        ({"parse": "date", "from": "a", "formats": ["%d/%m/%Y"], "years_from": 1930}, "take years_from out"),
        ({"parse": "date", "from": "a", "formats": ["%d/%m"]}, "has no year"),
        ({"parse": "date", "from": "a", "formats": ["%G-%m"]}, "%G-W%V"),
        *(
            ({"parse": "date", "from": "a", "formats": ["%d/%m/%Y", form]}, "mixes an ISO week with a month")
            for form in ("%G-W%V-%m", "%G-W%V %b", "%d %G-W%V", "%G-W%V-%j", "%V/%G/%Y")
        ),
        *(
            ({"parse": "date", "from": "a", "formats": [form]}, "%V is a week of an ISO year")
            for form in ("%Y-W%V", "%V-%m-%Y")
        ),
        ({"parse": "date", "from": "a", "formats": ["%d/%m/%Y"], "months": "es"}, "write %b"),
        ({"parse": "date", "from": "a", "formats": ["%A %d %B %Y"], "months": "es"}, "with find"),
        ({"parse": "date", "from": "a", "formats": ["%d/%m/%Y"], "zone": "UTC"}, "write %z"),
        ({"parse": "date", "from": "a", "formats": ["dd/mm/yyyy"]}, "no form of a date"),
        ({"parse": "date", "from": "a", "formats": ["clock"]}, "no form of a date"),
        ({"parse": "hour", "from": "a", "formats": ["%d/%m/%Y"]}, "has no hour"),
        ({"parse": "integer", "from": "a", "thousands": ".", "decimal": "."}, "cannot stand for both"),
        ({"parse": "decimal", "from": "a", "thousands": "."}, "cannot stand for both"),
        ({"parse": "integer", "from": "a", "percent": "share"}, "parse: decimal"),
        ({"parse": "decimal", "from": "a", "percent": "number", "times": 1000}, "take percent or times out"),
        ({"parse": "age", "from": "a", "unit_from": "b"}, "add units"),
        ({"parse": "age", "from": "a", "units": {"A": "years", "MES": "months"}}, "unit_from"),
        ({"parse": "age", "from": "a", "units": {"A": "decades"}}, "years"),
        ({"parse": "yes_no", "from": "a", "yes": ["1"], "no": ["1"]}, "both"),
        ({"parse": "year_month", "year": "a", "month": "b", "find": "x"}, "parse: date"),
        ({"copy": "a", "split": {"by": "/", "part": 0}}, "count from 1"),
        ({"copy": "a", "find": "(?=x)"}, "look-around"),
        ({"copy": "a", "when": {"column": "b"}}, "exactly one of"),
    ],
)
def test_what_is_declared_wrongly_is_told_with_its_cure(verb: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as error:
        VERB.validate_python(verb)
    (only,) = error.value.errors()
    assert says in only["msg"]
