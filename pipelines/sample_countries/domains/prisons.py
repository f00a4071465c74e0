"""Prisons: persons held on a date, and those who come and go."""

from __future__ import annotations

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import below, between, day_of, of, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records


def prisons(country: Country) -> tuple[str, ...]:
    """Codes of the prisons: one in each first-level area."""
    return tuple(f"P{code}" for code in country.first_levels)


def _held_in(country: Country) -> dict[str, str]:
    areas = list(country.first_levels)
    return {
        "facility_code": of("prison", prisons(country)),
        "jurisdiction_first_level": of("prison", [f"{country.code}-{code}" for code in areas]),
    }


def held(country: Country, years: range) -> Records:
    """Persons held on 31 December, by prison, legal status, sex and offence; one record for each group."""
    return Records(
        "custody",
        "reference_date",
        place="jurisdiction",
        by="legal_status",
        amount="count",
        layers=(
            {
                **_held_in(country),
                "reference_date": f"make_date({years.start} + (j % {len(years)})::INTEGER, 12, 31)",
                "legal_status": weighted(
                    "status", {"awaiting_trial": 4, "on_trial": 3, "sentenced_final": 9, "_U": 1}
                ),
                "sex": weighted("sex", {"M": 9, "F": 2}),
                "count": between("count", 1, 60),
                **country.offence("offence", "0101", "02", "03", "04", "05"),
                "age_from": of("age", (18, 25, 35, 50)),
            },
            {"age_to": "CASE age_from WHEN 18 THEN 24 WHEN 25 THEN 34 WHEN 35 THEN 49 END"},
        ),
        faults=(
            Fault(
                "outside_period",
                fields={"reference_date": "DATE '2012-12-31'"},
                rules=("date.outside_period",),
            ),
            Fault(
                "ages_reversed", fields={"age_from": "49", "age_to": "35"}, rules=("age_to.before_age_from",)
            ),
        ),
    )


_OF_MOVEMENTS: tuple[Fault, ...] = (
    Fault(
        "outside_period",
        fields={
            "reference_date": "DATE '2012-12-31'",
            "admission_date": "DATE '2012-10-31'",
            "release_date": "DATE '2012-12-31'",
        },
        rules=("date.outside_period",),
    ),
    Fault(
        "released_before_admitted",
        fields={
            "custody_measure": "'release'",
            "release_reason": "'acquitted'",
            "manner_of_death": "NULL",
            "admission_date": "reference_date - 9",
            "release_date": "reference_date - 10",
        },
        rules=("release_date.before_admission",),
    ),
    Fault(
        "counted_before_admitted",
        fields={
            "custody_measure": "'admission'",
            "release_reason": "NULL",
            "manner_of_death": "NULL",
            "release_date": "NULL",
            "admission_date": "reference_date + 3",
        },
        rules=("reference_date.before_admission",),
    ),
    Fault(
        "released_after_edition",
        fields={
            "custody_measure": "'release'",
            "release_reason": "'acquitted'",
            "manner_of_death": "NULL",
            "release_date": "DATE '2031-01-01'",
        },
        rules=("release_date.after_edition",),
    ),
    Fault(
        "reason_of_admitted",
        fields={
            "custody_measure": "'admission'",
            "release_reason": "'pardon'",
            "manner_of_death": "NULL",
            "release_date": "NULL",
            "admission_date": "reference_date",
        },
        rules=("release_reason.of_held",),
    ),
    Fault(
        "death_with_other_reason",
        fields={
            "custody_measure": "'death'",
            "release_reason": "'pardon'",
            "manner_of_death": "'natural'",
            "release_date": "reference_date",
        },
        rules=("release_reason.of_death",),
    ),
)


def movements(country: Country, first: int, last: int) -> Records:
    """Admissions, releases and deaths in custody: one record for each movement of a person."""
    return Records(
        "custody",
        "reference_date",
        place="jurisdiction",
        by="custody_measure",
        layers=(
            {
                **_held_in(country),
                "reference_date": day_of("day", first, last),
                "custody_measure": "CASE WHEN bad THEN 'release' ELSE "
                + weighted("measure", {"admission": 11, "release": 9, "death": 1})
                + " END",
                "sex": weighted("sex", {"M": 90, "F": 9, "_U": 1}),
                "age_years": between("age", 18, 71),
                **country.offence("offence", "0101", "02", "03", "04", "05"),
                "months": below("months", 60),
                "why": weighted("why", {"sentence_served": 5, "conditional": 3, "acquitted": 2}),
            },
            {
                "admission_date": "CASE custody_measure WHEN 'admission' THEN reference_date "
                "ELSE reference_date - (30 * months)::INTEGER END",
                "release_reason": "CASE custody_measure WHEN 'release' THEN why WHEN 'death' THEN 'death' END",
                "manner_of_death": "CASE WHEN custody_measure = 'death' THEN "
                + weighted("manner", {"natural": 5, "homicide": 2, "suicide": 2, "pending": 1})
                + " END",
                "release_date": "CASE WHEN custody_measure <> 'admission' THEN reference_date END",
            },
        ),
        faults=_OF_MOVEMENTS,
    )
