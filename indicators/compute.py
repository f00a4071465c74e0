"""Computing indicators: from the warehouse's facts to a temporary table of cells, and what waits to be computed.

Writing the cells, and with them the history of values, is the warehouse's work (``warehouse.indicator_store``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb

from indicators import assemble, catalogue, coverage, cube, feeds, inputs, waiting
from indicators.catalogue import Catalogue
from indicators.definition import Indicator
from indicators.feeds import Feed
from indicators.inputs import NOW, Seen
from indicators.methods import denominators
from indicators.waiting import State
from schemas.errors import Misuse


@dataclass(frozen=True)
class ComputeOutcome:
    """What a computation made.

    Attributes:
        computed: Indicators whose cells are in ``indicator_cell`` (none, where no source feeds them, and for those
            that have left the catalogue and still have cells stored).
        n_cells: Cells by indicator.
        faults: Indicators that could not be computed (only where asked to keep going).
        catalogue_version: Version that the cells carry.
        inputs: State of the inputs of each computed indicator, for ``waiting.remember`` once the cells are stored.
    """

    computed: tuple[str, ...]
    n_cells: dict[str, int]
    faults: dict[str, Misuse] = field(default_factory=dict)
    catalogue_version: str = ""
    inputs: dict[str, State] = field(default_factory=dict)
    cells: str = assemble.CELLS
    denominators: str = assemble.DENOMINATORS


def compute(
    connection: duckdb.DuckDBPyConnection,
    ids: Iterable[str] | None = None,
    keep_going: bool = False,
    defined: Catalogue | None = None,
) -> ComputeOutcome:
    """Compute indicators from the current facts into temporary tables.

    Args:
        connection: The warehouse; only temporary tables are written.
        ids: Indicators to compute; all without it.
        keep_going: Compute the others where one is faulty, and report it.
        defined: The catalogue, if not the system's own.

    Raises:
        Misuse: An indicator or rule is unknown or faulty (unless ``keep_going``), or two sources collide.
    """
    known = defined or catalogue.load(keep_going=keep_going)
    stored = waiting.stored_ids(connection)
    faults: dict[str, Misuse] = {}
    wanted: list[Indicator] = []
    retired: list[str] = []
    for id_ in sorted(set(ids)) if ids is not None else sorted({*known.digests, *stored}):
        try:
            if id_ in stored and id_ not in known.digests:
                retired.append(id_)
            else:
                wanted.append(known.get(id_))
        except Misuse as fault:
            if not keep_going or id_ not in known.faults:
                raise
            faults[id_] = fault
    faults |= fill(connection, wanted, known.version, keep_going=keep_going)
    computed = [i.id for i in wanted if i.id not in faults]
    rows = connection.execute(
        f"SELECT indicator, count(*) FROM {assemble.CELLS} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    counted = dict(rows)
    states = waiting.states(connection, known)
    return ComputeOutcome(
        (*computed, *retired),
        {i: counted.get(i, 0) for i in (*computed, *retired)},
        faults,
        known.version,
        {i: states[i] for i in computed} | {i: {} for i in retired},
    )


def fill(
    connection: duckdb.DuckDBPyConnection,
    indicators: Sequence[Indicator],
    catalogue_version: str,
    *,
    keep_going: bool = False,
    seen: Seen = NOW,
) -> dict[str, Misuse]:
    """Fill the temporary tables of cells and denominators; returns the indicators that could not be computed.

    Raises:
        Misuse: Two sources would fill the same cells (unless ``keep_going``).
    """
    assemble.tables(connection)
    known = inputs.sources(connection, seen)
    pairs = feeds.candidates(indicators, known)
    if not pairs:
        return {}
    inputs.areas(connection, seen)
    inputs.cutoffs(connection, seen)
    sources = list({p.source.id: p.source for p in pairs}.values())
    coverage.build(connection, sources, seen)
    populations = inputs.population_sources(known)
    faults: dict[str, Misuse] = {}
    for record_type in sorted({p.source.record_type for p in pairs}):
        alike = [p for p in pairs if p.source.record_type == record_type]
        faults |= _record_type(connection, alike, populations, catalogue_version, keep_going, seen)
    return faults


def _record_type(
    connection: duckdb.DuckDBPyConnection,
    pairs: Sequence[Feed],
    populations: dict[str, str],
    catalogue_version: str,
    keep_going: bool,
    seen: Seen,
) -> dict[str, Misuse]:
    """Add the cells of the indicators of one record type."""
    cube.base(connection, pairs, seen)
    settled, faults = feeds.settle(connection, pairs)
    if faults and not keep_going:
        raise next(iter(faults.values()))
    if not settled:
        return faults
    feeds.store(connection, settled, populations)
    cube.count(connection, list(settled))
    years = [y for given in settled.values() for y in given]
    scope = denominators.Scope(
        min(years),
        max(years),
        municipalities=any("municipality" in f.indicator.levels for f in settled),
        detail=any({"sex", "age"} & set(f.source.breakdowns) for f in settled),
    )
    denominators.build(connection, scope, seen)
    assemble.build(connection, catalogue_version)
    return faults
