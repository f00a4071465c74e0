"""Writing all deliveries of a sample country, with the truth beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.sample_countries import delivery as one
from pipelines.sample_countries.country import Country
from pipelines.sample_countries.delivery import Delivery
from pipelines.sample_countries.domains.programmes import Programme
from pipelines.sample_countries.domains.sampling import Design
from pipelines.sample_countries.truth import DeliveryTruth, Effect, Prevalence, Revision, Truth
from pipelines.sample_countries.writing import database
from pipelines.sample_countries.xaa import core
from pipelines.sample_countries.xaa import deliveries as xaa
from pipelines.sample_countries.xaa.interventions import PROGRAMMES
from pipelines.sample_countries.xaa.land import XAA
from pipelines.sample_countries.xbb import deliveries as xbb
from pipelines.sample_countries.xbb.land import XBB
from pipelines.sample_countries.xcc import deliveries as xcc
from pipelines.sample_countries.xcc.land import XCC

#: What follows the name of a table in the name of the file with its rows: years, and the edition.
TABLE = re.compile(r"(?:_\d{4}(?:-\d{4})?)?__ed")


@dataclass(frozen=True)
class Sample:
    """A country and all that it delivers.

    Args:
        country: The country.
        deliveries: Its deliveries, in the order in which they can refer to each other.
        programmes: Its programmes, whose effect is known.
        surveys: The editions of its surveys.
        database: Name of the file with the database that the deliveries are tables of; empty where there is none.
    """

    country: Country
    deliveries: Callable[[], Sequence[Delivery]]
    programmes: Sequence[Programme] = ()
    surveys: Sequence[Design] = ()
    database: str = ""


COUNTRIES: Mapping[str, Sample] = {
    "XAA": Sample(XAA, xaa.deliveries, PROGRAMMES, (xaa.DESIGN,)),
    "XBB": Sample(XBB, xbb.deliveries, surveys=(xbb.DESIGN,)),
    "XCC": Sample(XCC, xcc.deliveries, surveys=(xcc.WOMEN, xcc.CHILDREN), database="xcc.sqlite"),
}


def truth_file(country: str) -> str:
    """Name of the file with the truth of a country."""
    return "truth.json" if country == XAA.code else f"truth_{country.lower()}.json"


def write_deliveries(folder: Path, scale: int = 1, *, country: str = XAA.code, further: bool = True) -> Truth:
    """Write every delivery of a country to ``folder/<source_id>/<file>`` and the truth beside the folders.

    Args:
        folder: Where to write; made if absent.
        scale: Multiplies the rows of deliveries with single records.
        country: Code of the country.
        further: False: of XAA the five sources of its core alone.

    Returns:
        What must come of the deliveries, in the order in which they arrive.
    """
    sample = COUNTRIES[country]
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        truth = core.write(connection, folder, scale) if country == XAA.code else Truth(country, scale, ())
        if further:
            truth = _further(connection, folder, scale, sample, truth)
    truth.write(folder / truth_file(country))
    return truth


def _further(
    connection: duckdb.DuckDBPyConnection, folder: Path, scale: int, sample: Sample, truth: Truth
) -> Truth:
    written = []
    for delivery in sample.deliveries():
        one.plan(connection, delivery, sample.country, scale)
        one.write_file(connection, delivery, sample.country, folder / delivery.source / delivery.file)
        if sample.database:
            rows, table = one.written_rows(delivery, sample.country), TABLE.split(delivery.file)[0]
            database.add(connection, rows, folder / sample.database, table)
        written.append(one.truth(connection, delivery, sample.country))
    return replace(
        truth,
        deliveries=(*truth.deliveries, *written),
        effects=tuple(_effect(programme, sample.country) for programme in sample.programmes),
        prevalences=tuple(_prevalence(design, question) for design in sample.surveys for question in design.prevalence),
        revisions=_revisions(written),
    )  # fmt: skip


def _effect(programme: Programme, country: Country) -> Effect:
    arms = {arm: [f"{country.code}-{area}" for area in areas] for arm, areas in programme.arms.items()}
    return Effect(
        programme.code,
        programme.indicator,
        programme.start.isoformat(),
        programme.effect,
        programme.sources,
        arms,
    )


def _prevalence(design: Design, question: str) -> Prevalence:
    return Prevalence(
        survey=design.code,
        edition=design.edition,
        question=question,
        share=design.truth(question),
        population=sum(stratum.persons for stratum in design.strata),
        strata=len(design.strata),
        clusters=len(design.strata) * design.clusters,
        sample=design.sample,
    )


def _revisions(written: Sequence[DeliveryTruth]) -> tuple[Revision, ...]:
    """The editions of each year that comes in several."""
    editions: dict[tuple[str, int], list[DeliveryTruth]] = defaultdict(list)
    for known in written:
        if known.period_start:
            editions[known.source_id, int(known.period_start[:4])].append(known)
    return tuple(
        Revision(source, year, known.edition_date, known.records_loaded, of_year[-1].records_loaded)
        for (source, year), of_year in editions.items()
        if len(of_year) > 1
        for known in of_year
    )
