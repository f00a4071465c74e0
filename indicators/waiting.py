"""Which indicators wait to be computed, and why: the state of their inputs differs from what they were made from.

Kept per indicator and input, as the SHA-256 of its state: the definition with the rules that hold for all, the
lists that come with the system, and for each source that may feed it the last batch that changed its facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from indicators import catalogue
from indicators.catalogue import Catalogue
from schemas import codelists, sql
from warehouse import structure
from warehouse.declarations.meta import FINGERPRINT

DEFINITION, LISTS = "definition", "code lists and areas"
#: Record types that every rate depends on beside its own facts.
_SHARED = ("population", "area")

State = dict[str, str]


@dataclass(frozen=True)
class Waiting:
    """An indicator whose cells are behind its inputs."""

    indicator: str
    reasons: tuple[str, ...]


def waiting(connection: duckdb.DuckDBPyConnection, defined: Catalogue | None = None) -> list[Waiting]:
    """Indicators to compute, with the reasons, by id.

    An indicator that no source feeds and that has no cells does not wait; one that left the catalogue and still has
    cells does: computing it ends them.

    Raises:
        Misuse: A definition is faulty.
    """
    known = defined or catalogue.load()
    now, kept, stored = states(connection, known), _kept(connection), stored_ids(connection)
    found = []
    for id_ in sorted(set(now) | stored):
        if id_ not in now:
            found.append(Waiting(id_, ("no longer in the catalogue",)))
            continue
        fed = set(now[id_]) - {DEFINITION, LISTS}
        if not fed and id_ not in stored:
            continue
        before = kept.get(id_)
        if before is None:
            found.append(Waiting(id_, ("never computed",)))
        elif reasons := _reasons(before, now[id_]):
            found.append(Waiting(id_, reasons))
    return found


def states(connection: duckdb.DuckDBPyConnection, known: Catalogue) -> dict[str, State]:
    """The state of the inputs of every indicator of the catalogue, by the name of the input."""
    changed = _changes(connection)
    kept = [str(structure.kept(connection, name)) for name in ("code lists", "reference areas")]
    lists = _digest([*kept, codelists.tables_sha256()])
    return {
        i.id: {DEFINITION: known.digests[i.id], LISTS: lists}
        | {
            source: state
            for source, (kind, state) in changed.items()
            if kind in (i.numerator.record_type, *_SHARED)
        }
        for i in known.indicators
    }


def stored_ids(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Indicators that have cells now."""
    return {row[0] for row in connection.execute("SELECT DISTINCT indicator FROM indicator.value").fetchall()}


def remember(connection: duckdb.DuckDBPyConnection, computed: dict[str, State]) -> None:
    """Keep the states that indicators were computed from; to be called once their cells are stored.

    Should the process end in between, they are computed again, which changes nothing.
    """
    kept = _kept(connection)
    for id_, state in computed.items():
        for name in set(kept.get(id_, {})) - set(state):
            connection.execute(f"DELETE FROM {FINGERPRINT.path} WHERE name = {sql.text(_name(id_, name))}")
        for name, sha256 in state.items():
            if kept.get(id_, {}).get(name) != sha256:
                structure.keep(connection, _name(id_, name), sha256)


def _changes(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    """Record type and state of every source that has facts or had them.

    The state is its last change, its declaration, and the areas and months of which it owes nothing.
    """
    rows = connection.execute(
        """
        WITH rekeyed AS (
            SELECT rekeys AS slice_version, valid_from AS batch FROM meta.slice_version WHERE rekeys IS NOT NULL
        ), slice AS (
            -- the same records hashed anew under another master key are no change
            SELECT v.source_id, v.record_type, max(greatest(
                CASE WHEN v.rekeys IS NULL THEN v.valid_from ELSE 0 END,
                CASE WHEN r.batch IS NULL THEN coalesce(v.valid_to, 0) ELSE 0 END)) AS batch
            FROM meta.slice_version AS v
            LEFT JOIN rekeyed AS r ON r.slice_version = v.slice_version AND r.batch = v.valid_to
            WHERE v.valid_from IS DISTINCT FROM v.valid_to GROUP BY ALL
        ), source AS (
            SELECT source_id, max(valid_from) AS batch FROM meta.source WHERE valid_to IS NULL GROUP BY ALL
        )
        SELECT s.source_id, s.record_type, s.batch, o.batch, e.not_applicable
        FROM slice AS s LEFT JOIN source AS o USING (source_id)
        LEFT JOIN (
            SELECT source_id, not_applicable::VARCHAR AS not_applicable FROM meta.obligation
            WHERE valid_to IS NULL AND len(not_applicable) > 0
        ) AS e USING (source_id)
        ORDER BY ALL
        """
    ).fetchall()
    return {
        id_: (kind, _digest((str(facts), str(declared), *([exempt] if exempt else []))))
        for id_, kind, facts, declared, exempt in rows
    }


def _reasons(before: State, now: State) -> tuple[str, ...]:
    changed = [name for name in sorted(before | now) if before.get(name) != now.get(name)]
    words = {DEFINITION: "its definition changed", LISTS: "code lists or areas changed"}
    return tuple(words.get(name, f"{name} changed") for name in changed)


def _kept(connection: duckdb.DuckDBPyConnection) -> dict[str, State]:
    found: dict[str, State] = {}
    rows = connection.execute(
        f"SELECT name, sha256 FROM {FINGERPRINT.path} WHERE name LIKE 'indicator/%'"
    ).fetchall()
    for path, sha256 in rows:
        _, id_, name = path.split("/", 2)
        found.setdefault(id_, {})[name] = sha256
    return found


def _name(id_: str, name: str) -> str:
    return f"indicator/{id_}/{name}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
