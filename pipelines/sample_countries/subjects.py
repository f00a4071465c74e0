"""What every sample country delivers, by subject, and how subjects become the files of a country.

A subject is what is told, in codes; a country says for each in which file, under which number, in which format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.delivery import Delivery
from pipelines.sample_countries.domains import health, justice, places, police, prisons, resources, social
from pipelines.sample_countries.records import Records
from pipelines.sample_countries.writing.form import Form


@dataclass(frozen=True)
class Subject:
    """What is told.

    Args:
        records: The records.
        rows: Number of good records where they are drawn.
        years: First and last year that a file covers; without it the file is a list.
        edition: Date of the edition, where it is not that of the country's other files.
        series: What the draws are made from, where several files tell of the same.
        known_by: A date of the records: those after the edition are not in the file yet.
        grows: Whether the scale multiplies the rows.
    """

    records: Records
    rows: int = 0
    years: tuple[int, int] | None = None
    edition: date | None = None
    series: str = ""
    known_by: str = ""
    grows: bool = True


@dataclass(frozen=True)
class File:
    """How a subject is sent.

    Args:
        stem: Beginning of the file's name.
        form: Format.
        key: Header of the column with the number of a record; without it no record has a key.
        number: SQL for the text of that number.
        extra: Further columns of the file that no field tells, with their SQL.
    """

    stem: str
    form: Form
    key: str = ""
    number: str = "number::VARCHAR"
    extra: Mapping[str, str] = field(default_factory=dict)


def everywhere(country: Country, first: int, last: int, office: str) -> dict[str, Subject]:
    """The subjects that every country delivers, over the years from ``first`` to ``last``."""
    years, span, vintage = range(first, last + 1), (first, last), f"{country.code}-{last + 1}"
    return {
        "households": Subject(places.households(country, years, vintage, office)),
        "vehicles": Subject(places.vehicles(country, years, vintage, office)),
        "facilities": Subject(resources.facilities(country, years)),
        "staff": Subject(resources.staff(country, years)),
        "budgets": Subject(resources.budgets(country, years)),
        "social_measures": Subject(social.measures(country, years, office, vintage)),
        "victim_services": Subject(resources.services(country, first, last), 900, span),
        "driver_tests": Subject(police.driver_tests(country, first, last), 700, span),
        "missing_persons": Subject(police.missing(country, first, last), 600, span),
        "prosecution_cases": Subject(justice.prosecution(country, first, last), 800, span),
        "court_cases": Subject(justice.courts(country, first, last), 1000, span),
        "protection_measures": Subject(justice.protection(country, first, last), 800, span),
        "prison_population": Subject(prisons.held(country, years), 500, span),
        "prison_movements": Subject(prisons.movements(country, first, last), 700, span),
        "injuries": Subject(health.injuries(country, first, last), 1200, span),
        "births": Subject(health.births(country, first, last), 1200, span),
    }


def deliveries(
    country: Country, edition: date, subjects: Mapping[str, Subject], files: Mapping[str, File]
) -> list[Delivery]:
    """One delivery for each subject.

    Args:
        country: The country, whose code begins the names of the sources.
        edition: Date of the edition, where a subject has none of its own.
        subjects: What is told, by the end of the source's name.
        files: How each is sent.
    """
    return [
        one(country, name, subject, files[name], subject.edition or edition)
        for name, subject in subjects.items()
    ]


def editions(
    country: Country, name: str, subject: Subject, file: File, dates: Sequence[date]
) -> list[Delivery]:
    """Several editions of the same records, each with those that were known by its date."""
    return [one(country, name, subject, file, edition) for edition in dates]


def one(country: Country, name: str, subject: Subject, file: File, edition: date) -> Delivery:
    """The delivery of a subject in one edition; the name of its file says years and edition."""
    years = subject.years
    about = "" if years is None else f"_{years[0]}" if years[0] == years[1] else f"_{years[0]}-{years[1]}"
    return Delivery(
        source=f"{country.code.lower()}_{name}",
        file=f"{file.stem}{about}__ed{edition.isoformat()}.{file.form.format}",
        edition=edition,
        records=subject.records,
        form=file.form,
        rows=subject.rows,
        period=(date(years[0], 1, 1), date(years[1], 12, 31)) if years else None,
        key=file.key,
        number=file.number,
        extra=file.extra,
        known_by=subject.known_by,
        series=subject.series or f"{country.code}/{name}{about}",
        grows=subject.grows,
    )
