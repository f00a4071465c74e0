"""Rules on a whole delivery as SQL over its judged records.

A kind is compiled to counts (how many records were judged, how many broke the rule), or to the records that break it:
these a delivery quarantines like any other. Everything is SQL; nothing of a record comes to Python.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from schemas import sql
from schemas.codelists import causes
from schemas.rules import Rule

#: About how many records are looked at where all would take too long; they are spread over the whole delivery.
SAMPLE = 100_000
#: The same where they are looked at unit by unit.
UNIT_SAMPLE = 500_000


@dataclass(frozen=True)
class Hits:
    """What a heap is: SQL conditions under which a record can be judged, and under which it hits."""

    judged: str
    hit: str


def _among(rule: Rule) -> Hits:
    value = sql.name(rule.fields[0])
    wanted = ", ".join(str(v) for v in rule.parameters["values"])
    return Hits(f"{value} IS NOT NULL", f"{value} IN ({wanted})")


def _first_of_month(rule: Rule) -> Hits:
    value, precision = sql.name(rule.fields[0]), sql.name(f"{rule.fields[0]}_precision")
    return Hits(f"{value} IS NOT NULL AND coalesce({precision} = 'day', true)", f"day({value}) = 1")


def _midnight(rule: Rule) -> Hits:
    """Of a record of which the day is not known the hour is only what stands in a time stamp."""
    hour, precision = (sql.name(f) for f in (rule.fields[0], "occurrence_date_precision"))
    return Hits(f"{hour} IS NOT NULL AND coalesce({precision} = 'day', true)", f"{hour} = 0")


def _multiple_of_ten(rule: Rule) -> Hits:
    value = sql.name(rule.fields[0])
    return Hits(f"{value} >= 20", f"{value} % 10 = 0")


def _at_zero(rule: Rule) -> Hits:
    one, other = (sql.name(f) for f in rule.fields)
    return Hits(f"{one} IS NOT NULL AND {other} IS NOT NULL", f"{one} = 0 AND {other} = 0")


def _half_given(rule: Rule) -> Hits:
    one, other = (sql.name(f) for f in rule.fields)
    return Hits(f"{one} IS NOT NULL OR {other} IS NOT NULL", f"({one} IS NULL) <> ({other} IS NULL)")


def _unknown(rule: Rule) -> Hits:
    value = sql.name(rule.fields[0])
    said = "".join(f" OR {value} = {sql.text(code)}" for code in rule.parameters["values"])
    return Hits("true", f"{value} IS NULL{said}")


def _short_external_cause(rule: Rule) -> Hits:
    value = sql.name(rule.fields[0])
    return Hits(f"regexp_matches({value}, '^[V-Y]')", f"length({value}) = 3")


def _in_group(rule: Rule) -> Hits:
    value = sql.name(rule.fields[0])
    judged, hit = (causes.sql_within(value, rule.parameters[p]) for p in ("ranges", "hit_ranges"))
    return Hits(f"coalesce({judged}, false)", f"coalesce({hit}, false)")


#: What a hit of a heaping rule is.
HITS: Mapping[str, Callable[[Rule], Hits]] = {
    "among": _among,
    "first_of_month": _first_of_month,
    "midnight": _midnight,
    "multiple_of_ten": _multiple_of_ten,
    "at_zero": _at_zero,
    "half_given": _half_given,
    "unknown": _unknown,
    "short_external_cause": _short_external_cause,
    "in_group": _in_group,
}


def _heaped(rule: Rule, records: str, n_records: int) -> str:
    if broken := FREQUENT.get(rule.parameters["hits"]):
        return _most_frequent(rule, broken, records, n_records)
    judged, broken = _shares(rule)
    return f"SELECT {judged} AS n_judged, {broken} AS n_broken FROM ({records})"


def _shares(rule: Rule) -> tuple[str, str]:
    """The two counts of a heap that is told by a condition on each record."""
    hits = HITS[rule.parameters["hits"]](rule)
    return f"count(*) FILTER ({hits.judged})", f"count(*) FILTER (({hits.judged}) AND ({hits.hit}))"


#: What is counted of the values of a sample, each with its number ``n`` among ``total`` records.
FREQUENT: Mapping[str, str] = {
    "most_frequent": "max(n)",
    # one in five thousand is much for one point, and few for a small delivery
    "repeated": "sum(n) FILTER (n >= 10 AND n * 5000 >= total)",
}


def _most_frequent(rule: Rule, broken: str, records: str, n_records: int) -> str:
    """Judged are the records of a sample, always the same, and broken those that share the most frequent values."""
    columns = ", ".join(sql.name(f) for f in rule.fields)
    given = " AND ".join(f"{sql.name(f)} IS NOT NULL" for f in rule.fields)
    # a source that says so has nothing to mend
    given += " AND coalesce(geocode_method NOT IN ('station', 'area_centroid'), true)"
    sampled = _sampled(n_records, SAMPLE)
    return (
        f"SELECT coalesce(sum(n), 0)::BIGINT AS n_judged, coalesce({broken}, 0)::BIGINT AS n_broken FROM ("
        "SELECT n, sum(n) OVER () AS total FROM ("
        f"SELECT count(*) AS n FROM ({records}) WHERE {given}{sampled} GROUP BY {columns}))"
    )


def _unique(rule: Rule, records: str, n_records: int) -> str:
    return _of_groups(f"SELECT count(*) AS n FROM ({records})", rule.fields, "n > 1")


def _sampled(n_records: int, most: int) -> str:
    """SQL that keeps about so many records at most, always the same; begins with AND, or is empty."""
    every = -(-n_records // most)
    return f" AND hash(row_number) % {every} = 0" if every > 1 else ""


def _heaped_in_units(rule: Rule, records: str, n_records: int) -> str:
    """All records as one unit: of which units a delivery is made, only the delivery tells."""
    query = heaped_in_units([rule], records, "row_number IS NULL", n_records)
    return f"SELECT judged_0 AS n_judged, broken_0 AS n_broken FROM ({query})"


def _adds_up(rule: Rule, records: str, n_records: int) -> str:
    field, total = sql.name(rule.parameters["field"]), rule.parameters["total"]
    groups = f"SELECT count(*) AS n, sum({field}) AS added FROM ({records})"
    return _of_groups(groups, rule.parameters["by"], f"abs(added - {total}) > {rule.parameters['tolerance']}")


def _of_groups(groups: str, by: Collection[str], wrong: str) -> str:
    """The records of all groups, and those of the groups that are wrong; ``groups`` counts ``n`` for each."""
    fields = ", ".join(sql.name(f) for f in by)
    return (
        f"SELECT coalesce(sum(n), 0)::BIGINT AS n_judged, coalesce(sum(n) FILTER ({wrong}), 0)::BIGINT AS n_broken "
        f"FROM ({groups} GROUP BY {fields})"
    )


def _not_all(rule: Rule, records: str, n_records: int) -> str:
    """All records break it together, or none does."""
    value, wrong = sql.name(rule.parameters["field"]), rule.parameters["value"]
    all_are = f"n >= {rule.parameters['least']} AND n = same"
    return (
        f"SELECT n AS n_judged, CASE WHEN {all_are} THEN n ELSE 0 END AS n_broken FROM ("
        f"SELECT count({value}) AS n, count(*) FILTER ({value} = {wrong}) AS same FROM ({records}))"
    )


def _parts_of_total(rule: Rule, records: str, n_records: int) -> str:
    by = ", ".join(sql.name(f) for f in rule.parameters["by"])
    part = sql.name(rule.parameters["dimension"])
    both = "n_total = 1 AND n_parts > 1"
    return (
        f"SELECT count(*) FILTER ({both}) AS n_judged, count(*) FILTER ({both} AND total <> parts) AS n_broken FROM ("
        f"SELECT count(*) FILTER ({part} = '_T') AS n_total, count(*) FILTER ({part} <> '_T') AS n_parts, "
        f"sum(\"count\") FILTER ({part} = '_T') AS total, sum(\"count\") FILTER ({part} <> '_T') AS parts "
        f"FROM ({records}) GROUP BY {by})"
    )


#: Kinds of rules that count; each gives one row with ``n_judged`` and ``n_broken``.
COUNTING: Mapping[str, Callable[[Rule, str, int], str]] = {
    "heaped": _heaped,
    "heaped_in_units": _heaped_in_units,
    "unique": _unique,
    "adds_up": _adds_up,
    "not_all": _not_all,
    "parts_of_total": _parts_of_total,
}


def counts(rule: Rule, records: str, n_records: int) -> str:
    """SQL of the one row ``n_judged``, ``n_broken`` of a counting rule.

    Args:
        rule: A rule of one of the counting kinds.
        records: SQL of the records that are to be judged, with all fields of the record type and ``row_number``.
        n_records: About how many these are.
    """
    return COUNTING[rule.kind](rule, records, n_records)


def heaped_shares(rules: Collection[Rule], records: str) -> str:
    """SQL of one row with ``judged_<i>`` and ``broken_<i>`` for each heaping rule: one scan for all of them.

    Rules about the most frequent value cannot be counted in the scan and have to be left out.
    """
    columns = []
    for i, rule in enumerate(rules):
        judged, broken = _shares(rule)
        columns += [f"{judged} AS judged_{i}", f"{broken} AS broken_{i}"]
    return f"SELECT {', '.join(columns)} FROM ({records})"


#: Fields that tell who wrote a record, the nearest first: where it was registered, who is competent, where it happened.
UNITS = tuple(
    f"{role}_{level}"
    for level in ("municipality", "first_level")
    for role in ("registration", "jurisdiction", "detection", "occurrence", "injury")
)


def unit(present: Collection[str]) -> str | None:
    """The field by which a delivery with these fields is made of units; None where it has none."""
    return next((field for field in UNITS if field in present), None)


def heaped_in_units(rules: Collection[Rule], records: str, of: str, n_records: int) -> str:
    """SQL of one row with ``judged_<i>`` and ``broken_<i>`` for each rule on heaps within units: one scan for all.

    Judged are the records of units that have enough, and broken the hits of those units that have more than is
    tolerated and than chance gives (three standard errors): of many small offices some are always above a share.

    Args:
        rules: Rules of the kind ``heaped_in_units``.
        records: SQL of the records, with all fields of the record type.
        of: SQL of the unit of a record.
        n_records: About how many these are; of more than ``UNIT_SAMPLE`` a part is looked at.
    """
    counts, chosen = [], []
    for i, rule in enumerate(rules):
        judged, broken = _shares(rule)
        counts += [f"{judged} AS j_{i}", f"{broken} AS b_{i}"]
        share, enough = float(rule.parameters["tolerated"]), f"j_{i} >= {rule.parameters['least']}"
        above = f"b_{i} > {share} * j_{i} + 3 * sqrt({share * (1 - share)} * j_{i})"
        chosen += [
            f"coalesce(sum(j_{i}) FILTER ({enough}), 0)::BIGINT AS judged_{i}",
            f"coalesce(sum(b_{i}) FILTER ({enough} AND {above}), 0)::BIGINT AS broken_{i}",
        ]
    sampled = _sampled(n_records, UNIT_SAMPLE)
    units = f"SELECT {', '.join(counts)} FROM ({records}) WHERE {of} IS NOT NULL{sampled} GROUP BY {of}"
    return f"SELECT {', '.join(chosen)} FROM ({units})"


def out_of_sequence(rule: Rule, records: str, present: Collection[str]) -> str:
    """SQL of the records (``row_id``) whose step is dated before the first earlier step of the case and person.

    Args:
        rule: A rule of the kind ``sequence``.
        records: SQL of the records, with all fields of the record type and ``row_id``.
        present: Fields that the delivery has; the person is left aside where it has none.
    """
    step, day = sql.name(rule.parameters["step"]), sql.name(rule.parameters["date"])
    by = [sql.name(f) for f in rule.parameters["by"] if f in present]
    keys, joined = ", ".join(by), " AND ".join(f"r.{k} IS NOT DISTINCT FROM e.{k}" for k in by)
    earlier, later = (sql.texts(rule.parameters[p]) for p in ("earlier", "later"))
    precise = f"coalesce({sql.name(rule.parameters['date'] + '_precision')} = 'day', true)"
    return (
        f"WITH record AS (SELECT * FROM ({records}) WHERE {by[0]} IS NOT NULL AND {precise}), "
        f"first_step AS (SELECT {keys}, min({day}) AS first_day FROM record WHERE {step} IN ({earlier}) GROUP BY ALL) "
        f"SELECT r.row_id FROM record AS r JOIN first_step AS e ON {joined} "
        f"WHERE r.{step} IN ({later}) AND r.{day} < e.first_day"
    )


#: All kinds of the scope.
KINDS = frozenset({*COUNTING, "sequence"})


def exceeded(rule: Rule, n_judged: int, n_broken: int) -> bool:
    """Whether the counts of a rule are more than it tolerates."""
    if rule.kind != "heaped":
        return n_broken > 0
    least, tolerated = int(rule.parameters["least"]), float(rule.parameters["tolerated"])
    return n_judged >= least and n_broken > tolerated * n_judged
