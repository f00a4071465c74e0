"""Figures that others have worked out: social measures, estimated deaths, and indicators published without records."""

from __future__ import annotations

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.drawing import between
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import literal
from pipelines.sample_countries.records import Records, Value, listed

#: Measure, kind and level of the factor, lowest value in tenths of a per cent.
MEASURES = (
    ("poverty_share", "risk", "structural", 180),
    ("youth_neet_share", "risk", "social", 140),
    ("school_dropout_rate", "risk", "individual", 30),
    ("secondary_completion_rate", "protective", "social", 510),
    ("public_space_access_share", "protective", "contextual", 420),
)

_ABOVE_100 = Fault(
    "above_a_hundred",
    fields={"value": "104.5", "ci_lower": "100.0", "ci_upper": "110.0"},
    rules=("value.outside_percent",),
)
_INTERVAL = (
    Fault(
        "interval_reversed",
        fields={"value": "NULL", "numerator": "3.0", "ci_lower": "9.0", "ci_upper": "8.0"},
        rules=("ci_upper.below_ci_lower",),
    ),
    Fault("value_below_interval", fields={"value": "ci_lower - 1"}, rules=("value.below_ci_lower",)),
    Fault("value_above_interval", fields={"value": "ci_upper + 1"}, rules=("ci_upper.below_value",)),
    Fault("half_an_interval", fields={"ci_lower": "NULL"}, warns=("ci_upper.without_ci_lower",)),
)
_REVERSED = Fault(
    "period_reversed",
    fields={"reference_date_to": "reference_date - 1"},
    rules=("reference_date_to.before_reference_date",),
)


def measures(country: Country, years: range, producer: str, vintage: str) -> Records:
    """Social measures of each first-level area by year, with an interval."""
    rows: list[dict[str, Value]] = [
        {
            "area": f"{country.code}-{area}",
            "year": year,
            "measure": measure,
            "factor_kind": kind,
            "factor_level": level,
            "tenths": lowest + 7 * n + 3 * (year - years.start),
        }
        for year in years
        for n, area in enumerate(country.first_levels)
        for measure, kind, level, lowest in MEASURES
    ]
    return Records(
        "social_measure",
        "reference_date",
        place="residence",
        by="measure",
        raised=("value.repeated_measure",),
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="value",
        layers=(
            {
                "residence_first_level": "area",
                "value": f"((tenths + {between('value', 0, 40)}) / 10)::DOUBLE",
                "unit_measure": "'PT'",
                "reference_date": "make_date(year, 1, 1)",
                "reference_date_to": "make_date(year, 12, 31)",
                "numerator": "NULL::DOUBLE",
                "producer": literal(producer),
                "vintage": literal(vintage),
            },
            {"ci_lower": "value - 2.5", "ci_upper": "value + 2.5"},
        ),
        faults=(
            _ABOVE_100,
            *_INTERVAL,
            _REVERSED,
            Fault(
                "nothing_given",
                fields={"value": "NULL", "numerator": "NULL"},
                rules=("value.nothing_given",),
            ),
        ),
    )


def estimated_deaths(country: Country, years: range, producer: str, vintage: str) -> Records:
    """Deaths as a model estimates them, with an interval: more than are registered."""
    thousands = sum(place.thousands for place in country.places)
    rows: list[dict[str, Value]] = [
        {"year": year, "gender": sex, "figure": float(thousands * share * (100 + year - years.start) // 1000)}
        for year in years
        for sex, share in (("M", 39), ("F", 34))
    ]
    return Records(
        "social_measure",
        "reference_date",
        by="sex",
        raised=("value.repeated_measure",),
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="value",
        layers=(
            {
                "measure": "'estimated_deaths'",
                "factor_kind": "'context'",
                "factor_level": "'structural'",
                "unit_measure": "'NUMBER'",
                "sex": "gender",
                "value": "figure",
                "numerator": "NULL::DOUBLE",
                "reference_date": "make_date(year, 1, 1)",
                "reference_date_to": "make_date(year, 12, 31)",
                "ci_lower": "floor(figure * 0.9)",
                "ci_upper": "floor(figure * 1.1)",
                "producer": literal(producer),
                "vintage": literal(vintage),
            },
        ),
        faults=(*_INTERVAL, _REVERSED),
    )


def published(country: Country, years: range, producer: str, vintage: str) -> Records:
    """Rates that an institution publishes without the records behind them; one of them is not reliable enough."""
    rows: list[dict[str, Value]] = [
        {
            "area": f"{country.code}-{area}",
            "year": year,
            "tenths": 110 + 9 * n + 4 * (year - years.start),
            "hidden": n == 4 and year == years.start,
        }
        for year in years
        for n, area in enumerate(country.first_levels)
    ]
    return Records(
        "published_indicator",
        "reference_date",
        place="occurrence",
        by="obs_status",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="coalesce(value, 0)",
        layers=(
            {
                "indicator": "'homicide_rate_published'",
                "freq": "'A'",
                "occurrence_first_level": "area",
                "value": "CASE WHEN NOT hidden OR bad THEN (tenths / 10)::DOUBLE END",
                "obs_status": "CASE WHEN NOT hidden OR bad THEN 'A' ELSE 'U' END",
                "unit_measure": "'PER_100000_POP'",
                "numerator_unit": "'victim'",
                "estimate_type": "'registered'",
                "reference_date": "make_date(year, 1, 1)",
                "reference_date_to": "make_date(year, 12, 31)",
                "producer": literal(producer),
                "vintage": literal(vintage),
            },
        ),
        faults=(
            _REVERSED,
            Fault(
                "no_reason",
                fields={"value": "NULL", "obs_status": "NULL"},
                rules=("value.missing_without_reason",),
            ),
        ),
    )
