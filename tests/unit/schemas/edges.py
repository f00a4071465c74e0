"""Edge values: of each field what lies at, before and beyond what its checks allow, and of each rule how they meet.

Nothing is left to luck: the tables follow from the declaration alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

from schemas import codelists
from schemas.record_type import Field, RecordType
from schemas.rules import Rule

#: Texts that are no code: empty, blank, from other alphabets, with what breaks SQL, and a composed accent.
NONSENSE = ("", " ", "?", "ñ", "日本", "n\u0303", "\u0000", "'", "MEX\n")
#: Whole numbers that a type can hold: the least and the greatest.
WHOLE = {
    "UTINYINT": (0, 2**8 - 1),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "BIGINT": (-(2**63), 2**63 - 1),
}
#: Texts of each form that a field may ask for, and near misses.
FORMS = (
    "MEX", "MEX-11", "MEX-11001", "COL-05", "mex-11", "MEX-", "COL-05\n", "G-LAC", "G-", "MXN", "mxn", "X95", "X954",
    "X95.4", "V011", "V01", "R95X", "S021", "T14", "é95", "٣", "Ñandú", "2019",
)  # fmt: skip
#: More rows than this are drawn from the product of a rule's values, always the same.
MOST = 4000


def of_field(field: Field, rules: Sequence[Rule]) -> tuple[Any, ...]:
    """What a field may hold: nothing, what is good, each limit with what lies on either side of it, and nonsense."""
    if field.codelist:
        return (None, *codelists.load(field.codelist).codes, *NONSENSE, "no such code")
    limits = [
        _limit(rule.parameters[end], field)
        for rule in rules
        if rule.kind == "range" and rule.fields == (field.name,)
        for end in ("low", "high")
        if rule.parameters[end] is not None
    ]
    match field.sql_type:
        case "VARCHAR":
            return (None, *FORMS, *NONSENSE)
        case "BLOB":
            return (None, b"", b"a")
        case "DATE":
            around = [day + timedelta(n) for day in limits for n in (-1, 0, 1)]
            return (None, *around, date.min, date(2000, 2, 29), date(2024, 6, 30), date.max)
    return (None, *_numbers(field, limits))


def _limit(said: Any, field: Field) -> Any:
    return date.fromisoformat(said) if field.sql_type == "DATE" and isinstance(said, str) else said


def _numbers(field: Field, limits: Sequence[Any]) -> tuple[Any, ...]:
    around = [n for limit in limits for n in (limit - 1, limit, limit + 1)]
    if field.sql_type == "DOUBLE":
        beside = [math.nextafter(n, way) for n in limits for way in (-math.inf, math.inf)]
        return (*map(float, around), *beside, -0.0, 0.5, 1.0, 1e30, 5e-324, math.nan, math.inf, -math.inf)
    least, greatest = WHOLE[field.sql_type]
    whole = {*map(math.floor, around), *map(math.ceil, around), 0, 1, 2, least, greatest}
    return tuple(sorted(n for n in whole if least <= n <= greatest))


def of_record_type(kind: RecordType) -> list[dict[str, Any]]:
    """Rows in which each field takes each of its edge values."""
    columns = {f.name: of_field(f, kind.rules) for f in kind.fields}
    rows = max(map(len, columns.values()))
    return [{name: held[i % len(held)] for name, held in columns.items()} for i in range(rows)]


def of_rule(rule: Rule, kind: RecordType) -> list[dict[str, Any]]:
    """Rows in which the fields of a rule take the values that it speaks of, others, nothing and nonsense."""
    names = [*rule.fields, *(f for f in [f"{rule.parameters.get('second')}_precision"] if f in kind.by_name)]
    held = [tuple(dict.fromkeys(_spoken_of(rule, kind.by_name[name]))) for name in dict.fromkeys(names)]
    if math.prod(map(len, held)) <= MOST:
        rows: Iterator[tuple[Any, ...]] = product(*held)
    else:
        chance = random.Random(rule.code)
        rows = iter([tuple(chance.choice(h) for h in held) for _ in range(MOST)])
    return [dict(zip(dict.fromkeys(names), row, strict=True)) for row in rows]


def _spoken_of(rule: Rule, field: Field) -> Iterator[Any]:
    yield None
    words = [
        w for p in rule.parameters.values() for w in ([p] if isinstance(p, str) else p if _is_list(p) else [])
    ]
    if field.codelist:
        codes = codelists.load(field.codelist).codes
        named = [c for w in words for c in codes if c.startswith(w)]
        yield from named[:4]
        yield from [c for c in codes if c not in words][:3]
        yield from (c for c in ("_U", "_T", "day", "month", "year") if c in codes)
        yield from ("no such code", "", "ñ")
        return
    numbers = [n for n in rule.parameters.values() if isinstance(n, int | float) and not isinstance(n, bool)]
    match field.sql_type:
        case "VARCHAR":
            yield from ("", "ñ", "X95", "I219", "MEX-11", "MEX-12", "COL-05")
            yield from (
                code + end
                for held in rule.parameters.get("ranges", ())
                for code in held
                for end in ("", "9", "ñ")
            )
            yield from (w + end for w in words[:3] for end in ("", "4", "ñ"))
        case "DATE":
            first = date(2024, 6, 15)
            days = (
                *(d for n in numbers for d in (int(n), int(n) + 1)),
                -366,
                -31,
                -15,
                -14,
                -1,
                0,
                1,
                15,
                16,
                366,
            )
            yield from (first + timedelta(d) for d in days if abs(d) < 700_000)
        case "DOUBLE":
            yield from (0.0, 1.0, 2.0, math.nan, math.inf, -math.inf)
            yield from (float(n + d) for n in numbers for d in (-1, 0, 1))
        case "BLOB":
            yield from (b"", b"a")
        case whole:
            least, greatest = WHOLE[whole]
            around = [math.floor(n) + d for n in numbers for d in (-1, 0, 1)]
            yield from (n for n in (0, 1, 2, 5, greatest, *around) if least <= n <= greatest)


def _is_list(parameter: Any) -> bool:
    return isinstance(parameter, list | tuple) and all(isinstance(w, str) for w in parameter)
