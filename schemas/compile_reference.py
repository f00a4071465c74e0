"""Rules on what is loaded already as SQL: over the records of a delivery that were just loaded.

Each kind gives one row ``n_judged``, ``n_broken``; no row is judged where nothing is loaded to hold it against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schemas import sql
from schemas.rules import Rule


def _known_area(rule: Rule, records: str, country: str) -> str:
    """Areas of a level and country are known as soon as one is; of a level without areas nothing is said."""
    field = sql.name(rule.parameters["field"])
    return (
        f"WITH told AS (SELECT {field} AS code, count(*) AS n FROM ({records}) WHERE {field} IS NOT NULL GROUP BY 1), "
        "known AS (SELECT DISTINCT area_code AS code, country, area_level FROM ref.area), "
        "level AS (SELECT DISTINCT country, area_level, length(code) AS width FROM known) "
        "SELECT coalesce(sum(t.n), 0)::BIGINT AS n_judged, "
        "coalesce(sum(t.n) FILTER (t.code NOT IN (SELECT code FROM known)), 0)::BIGINT AS n_broken "
        "FROM told AS t SEMI JOIN level AS l ON l.country = left(t.code, 3) AND l.width = length(t.code)"
    )


def _exists_in(rule: Rule, records: str, country: str) -> str:
    fields, named = rule.parameters["fields"], rule.parameters["named"]
    target = f"core.{sql.name(rule.parameters['record_type'])}"
    given = " AND ".join(f"{sql.name(f)} IS NOT NULL" for f in fields)
    keys = ", ".join(f"{sql.name(n)} AS key_{i}" for i, n in enumerate(named))
    joined = " AND ".join(f"t.key_{i} = r.{sql.name(f)}" for i, f in enumerate(fields))
    told = ", ".join(sql.name(f) for f in fields)
    of_country = f"SELECT source_id FROM meta.source WHERE valid_to IS NULL AND country = {sql.text(country)}"
    judged = "true" if rule.parameters["always"] else "EXISTS (FROM target)"
    return (
        f"WITH target AS (SELECT DISTINCT {keys} FROM {target} WHERE source_id IN ({of_country})), "
        f"r AS (SELECT {told}, count(*) AS n FROM ({records}) WHERE {given} GROUP BY ALL) "
        "SELECT coalesce(sum(n), 0)::BIGINT AS n_judged, "
        "coalesce(sum(n) FILTER (t.key_0 IS NULL), 0)::BIGINT AS n_broken "
        f"FROM r LEFT JOIN target AS t ON {joined} WHERE {judged}"
    )


#: All kinds of the scope.
KINDS: Mapping[str, Callable[[Rule, str, str], str]] = {"known_area": _known_area, "exists_in": _exists_in}


def counts(rule: Rule, records: str, country: str) -> str:
    """SQL of the one row ``n_judged``, ``n_broken``.

    Args:
        rule: A rule of the scope ``reference``.
        records: SQL of the records of the delivery that were loaded.
        country: Country of the source, ISO 3166-1 alpha-3.
    """
    return KINDS[rule.kind](rule, records, country)
