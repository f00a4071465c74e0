"""The assets of the catalogue: one per indicator, all computed in one step.

One asset per indicator, so that a reader sees what each is made from, when it last changed and how many cells it
has, and can ask for some of them; one step for all, because they share one pass over the facts, one batch and one
snapshot: a step each would read the same facts again for every indicator.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from indicators import feeds
from indicators.catalogue import Catalogue
from indicators.definition import Indicator
from indicators.inputs import Source as Feeding
from indicators.waiting import waiting
from pipelines.orchestration import deliveries
from pipelines.orchestration.installation import WRITERS, Installation
from pipelines.orchestration.telling import working
from pipelines.progress import Progress
from pipelines.steps import reading
from pipelines.steps.compute import Computed, compute_in
from pipelines.steps.session import writing
from schemas import codelists
from schemas.errors import Misuse
from sources.kit.discovery import Source

PREFIX = "indicators"
_UNITS = codelists.load("unit_measure")
#: Record types that a rate depends on beside its own facts, of the same country.
_BESIDE = ("area",)


def key(indicator_id: str) -> dg.AssetKey:
    """The asset of an indicator."""
    return dg.AssetKey([PREFIX, indicator_id])


def inputs(indicator: Indicator, sources: Sequence[Source]) -> list[str]:
    """Sources that an indicator is made from: its numerator's, and the populations and areas of their countries."""
    fed = feeds.candidates([indicator], [_feeding(s) for s in sources])
    countries = {feed.source.country for feed in fed}
    beside = (indicator.denominator.record_type, *_BESIDE)
    also = [
        s.id
        for s in sources
        if s.specification.country in countries and s.specification.record_type in beside
    ]
    return sorted({*(feed.source.id for feed in fed), *also})


def _feeding(source: Source) -> Feeding:
    declared = source.specification
    delivers = declared.delivers
    return Feeding(
        source.id,
        declared.country,
        declared.record_type,
        declared.source_type,
        delivers.place_basis,
        delivers.date_basis,
        (),
    )


def asset(installation: Installation, defined: Catalogue, sources: Sequence[Source]) -> dg.AssetsDefinition:
    """The assets of all indicators, in one step."""
    known = {key(i.id): i for i in defined.indicators}

    @dg.multi_asset(
        name=PREFIX,
        specs=[_spec(i, inputs(i, sources)) for i in defined.indicators],
        can_subset=True,
        pool=WRITERS,
    )
    def indicators(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        wanted = [i for k, i in known.items() if k in context.selected_asset_keys]
        with working(context) as progress:
            reasons, computed = _compute(installation, defined, [i.id for i in wanted], progress)
            faults = computed.outcome.faults if computed else {}
            cells = _cells(installation)
        for indicator in wanted:
            if indicator.id not in faults:
                yield _result(indicator, reasons.get(indicator.id), cells)
        if faults:
            raise _failure(faults)

    return indicators


def _compute(
    installation: Installation, defined: Catalogue, wanted: Sequence[str], progress: Progress
) -> tuple[dict[str, tuple[str, ...]], Computed | None]:
    """Compute those of the wanted indicators that are behind their inputs.

    Returns:
        Why each was behind, and what the computation said; None where nothing was behind.
    """
    retired_too = len(wanted) == len(defined.indicators)
    with writing(installation.settings, "compute", progress) as session:
        behind = {
            w.indicator: w.reasons
            for w in waiting(session.warehouse.connection)
            if w.indicator in wanted or (retired_too and w.indicator not in defined.digests)
        }
        if not behind:
            return {}, None
        return behind, compute_in(session, sorted(behind), keep_going=True)


def _cells(installation: Installation) -> dict[str, tuple[int, int, str]]:
    """Cells of each indicator now, how many have a value, and the last year reported about."""
    with reading.current(installation.settings) as connection:
        rows = connection.execute(
            "SELECT indicator, count(*), count(obs_value), left(max(time_period), 4) FROM indicator.value GROUP BY ALL"
        ).fetchall()
    return {indicator: (n, valued, last) for indicator, n, valued, last in rows}


def _result(
    indicator: Indicator, reasons: Sequence[str] | None, cells: dict[str, tuple[int, int, str]]
) -> dg.MaterializeResult[Any]:
    n, valued, last = cells.get(indicator.id, (0, 0, ""))
    return dg.MaterializeResult(
        asset_key=key(indicator.id),
        metadata={
            "computed": f"yes: {'; '.join(reasons)}" if reasons else "no: it was up to date",
            "dagster/row_count": n,
            "cells_with_value": valued,
            "last_year": last or "none",
        },
    )


def _failure(faults: dict[str, Misuse]) -> dg.Failure:
    kinds = Counter(fault.code for fault in faults.values())
    return dg.Failure(
        "\n".join(f"{indicator}: {fault.text()}" for indicator, fault in sorted(faults.items())),
        metadata={"indicators": ", ".join(sorted(faults)), "kinds": ", ".join(sorted(kinds))},
        allow_retries=False,
    )


def _spec(indicator: Indicator, made_from: Sequence[str]) -> dg.AssetSpec:
    lines = [indicator.name.en, indicator.name.es, indicator.name.pt, indicator.definition.en]
    lines.append(f"Caveats: {indicator.caveats.en}")
    return dg.AssetSpec(
        key(indicator.id),
        deps=[deliveries.key(source_id) for source_id in made_from],
        description="\n\n".join(lines),
        group_name=PREFIX,
        kinds={"duckdb"},
        # a faulty indicator is left out while the others are done
        skippable=True,
        code_version=str(indicator.version),
        tags={"siprev/domain": indicator.domain, "siprev/category": indicator.category},
        metadata={
            "unit": ", ".join(
                dict.fromkeys(_UNITS.entry(unit).label("en") for unit in indicator.unit.values())
            ),
            "owner": indicator.owner,
            "numerator": f"{indicator.numerator.record_type} ({indicator.numerator.counting_unit})",
            "denominator": f"{indicator.denominator.record_type} ({indicator.denominator.counting_unit})",
        },
    )
