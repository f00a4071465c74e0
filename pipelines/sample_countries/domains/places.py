"""Territory and denominators: areas and their changes, groups, population, households, vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pipelines.sample_countries.country import Country
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import literal
from pipelines.sample_countries.records import Records, Value, listed

OLDEST = 85
#: Share of men and number of inhabitants by age, in so many of an unscaled total; both are whole numbers.
AGE_WEIGHT = f"CASE WHEN age = {OLDEST} THEN 600 ELSE 1400 - 12 * age - age * age // 40 END"


def areas(rows: Sequence[dict[str, Value]]) -> Records:
    """Areas in their versions: code, level, parent, name, version, valid_from, valid_to."""
    return Records(
        "area",
        "valid_from",
        by="area_level",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=(
            {
                "area_code": "CASE WHEN bad THEN code || 'Z' || number ELSE code END",
                "area_level": "level",
                "parent_code": "parent",
                "boundary_version": "version",
            },
        ),
        faults=(
            Fault("in_itself", fields={"parent_code": "area_code"}, rules=("parent_code.itself",)),
            Fault(
                "parent_abroad", fields={"parent_code": "'XAB-01'"}, rules=("parent_code.of_another_country",)
            ),
            Fault(
                "ends_before_it_begins",
                fields={"valid_to": "valid_from - 1"},
                rules=("valid_to.before_valid_from",),
            ),
        ),
    )


def area_changes(rows: Sequence[dict[str, Value]]) -> Records:
    """Pairs of an area before and after a change: before, after, share, kind."""
    return Records(
        "area_change",
        "change_date",
        by="to_code",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        amount="share",
        layers=(
            {
                # a bad pair is about an area of its own, so that the shares of the good ones add up
                "from_code": "CASE WHEN bad THEN before || 'Z' || number ELSE before END",
                "to_code": "CASE WHEN bad THEN after || 'Z' || number ELSE after END",
                "change_kind": "kind_of_change",
            },
        ),
        faults=(
            Fault(
                "version_unchanged", fields={"to_version": "from_version"}, rules=("to_version.unchanged",)
            ),
            Fault(
                "to_abroad",
                fields={"to_code": "'XAB-01001'"},
                rules=("to_code.of_another_country",),
            ),
            Fault(
                "renamed_in_part",
                fields={"change_kind": "'rename'", "share": "0.5"},
                rules=("share.of_whole",),
            ),
        ),
    )


def area_groups(rows: Sequence[dict[str, Value]]) -> Records:
    """Memberships of areas in groups: group, the names, member."""
    return Records(
        "area_group",
        "valid_from",
        by="group_code",
        base=listed(rows),
        given=tuple(rows[0]),
        size=len(rows),
        layers=({"member_code": "CASE WHEN bad THEN member || 'Z' || number ELSE member END"},),
        faults=(
            Fault(
                "ends_before_it_begins",
                fields={"valid_to": "valid_from - 1"},
                rules=("valid_to.before_valid_from",),
            ),
        ),
    )


def _people(country: Country) -> str:
    return ", ".join(
        f"({n}, {literal(f'{country.code}-{p.first_level}')}, "
        f"{literal(f'{country.code}-{p.municipality}' if p.municipality else None)}, {p.thousands})"
        for n, p in enumerate(country.places)
    )


#: A bad figure is of a municipality that is in no list, so that no denominator is touched.
def _place(country: Country) -> dict[str, str]:
    if not country.municipal:
        return {"residence_first_level": "first_level"}
    nowhere = "first_level || lpad((900 + number % 100)::VARCHAR, 3, '0')"
    return {
        "residence_first_level": "first_level",
        "residence_municipality": f"CASE WHEN bad THEN {nowhere} ELSE municipality END",
    }


def population(country: Country, years: range, vintage: str, producer: str) -> Records:
    """Persons by place, year, sex and single year of age at 1 July."""
    base = f"""
        WITH place(n, first_level, municipality, thousands) AS (VALUES {_people(country)}),
        weighted AS (SELECT age, {AGE_WEIGHT} AS weight FROM range({OLDEST + 1}) AS ages(age))
        SELECT row_number() OVER (ORDER BY year, n, s, age) - 1 AS j, first_level, municipality, year, sex,
            age AS age_from, CASE WHEN age < {OLDEST} THEN age END AS age_to,
            (thousands * (1000 + (year - 2022) * (6 + n % 11)) * weight
                * if(sex = 'M', 509 - age * age // 110, 491 + age * age // 110)
                // ((SELECT sum(weight) FROM weighted)::BIGINT * 1000))::BIGINT AS persons
        FROM place, range({years.start}, {years.stop}) AS years(year),
            (VALUES (0, 'M'), (1, 'F')) AS sexes(s, sex), weighted"""
    return Records(
        "population",
        "reference_date",
        place="residence",
        by="sex",
        base=base,
        given=("sex", "age_from", "age_to"),
        size=len(country.places) * len(years) * 2 * (OLDEST + 1),
        amount="count",
        layers=(
            {
                "count": "CASE WHEN bad THEN 3 ELSE persons END",
                "reference_date": "make_date(year, 7, 1)",
                "vintage": literal(vintage),
                "producer": literal(producer),
                **_place(country),
            },
        ),
        faults=(
            Fault(
                "ages_reversed", fields={"age_from": "9", "age_to": "3"}, rules=("age_to.before_age_from",)
            ),
        ),
    )


def population_of_the_un(country: Country, years: range) -> Records:
    """Persons of the whole country by year, sex and five years of age, two in a hundred more than the office's."""
    thousands = sum(place.thousands for place in country.places)
    base = f"""
        WITH weighted AS (SELECT age, {AGE_WEIGHT} AS weight FROM range({OLDEST + 1}) AS ages(age))
        SELECT row_number() OVER (ORDER BY year, sex DESC, age_from) - 1 AS j, *
        FROM (
            SELECT year, sex, least(age // 5 * 5, {OLDEST}) AS age_from,
                CASE WHEN age < {OLDEST} THEN age // 5 * 5 + 4 END AS age_to,
                (sum({thousands} * 1020 * weight
                    * if(sex = 'M', 509 - age * age // 110, 491 + age * age // 110))
                    // ((SELECT sum(weight) FROM weighted)::BIGINT * 1000))::BIGINT AS persons
            FROM range({years.start}, {years.stop}) AS years(year), (VALUES ('M'), ('F')) AS sexes(sex), weighted
            GROUP BY ALL
        )"""
    return Records(
        "population",
        "reference_date",
        by="sex",
        base=base,
        given=("sex", "age_from", "age_to"),
        size=len(years) * 2 * 18,
        amount="count",
        layers=(
            {
                "count": "CASE WHEN bad THEN 3 ELSE persons END",
                "reference_date": "make_date(year, 7, 1)",
                "population_kind": "if(year < 2023, 'estimate', 'projection')",
                "population_source": "'un_wpp'",
                "vintage": "'WPP-2024'",
                "producer": "'Naciones Unidas, World Population Prospects (imitado)'",
            },
        ),
        faults=(
            Fault(
                "ages_reversed", fields={"age_from": "9", "age_to": "3"}, rules=("age_to.before_age_from",)
            ),
        ),
    )


def _figures(
    country: Country, years: range, classes: Sequence[tuple[str, int]], figure: str
) -> tuple[str, int]:
    listed_classes = ", ".join(f"({n}, {literal(c)}, {share})" for n, (c, share) in enumerate(classes))
    base = f"""
        WITH place(n, first_level, municipality, thousands) AS (VALUES {_people(country)})
        SELECT row_number() OVER (ORDER BY year, n, c) - 1 AS j, first_level, municipality, year, class,
            {figure}::BIGINT AS figure
        FROM place, range({years.start}, {years.stop}) AS years(year),
            (VALUES {listed_classes}) AS c(c, class, share)"""
    return base, len(country.places) * len(years) * len(classes)


def households(country: Country, years: range, vintage: str, producer: str) -> Records:
    """Households by place and year, those with a vehicle apart."""
    base, size = _figures(
        country, years, (("yes", 40), ("no", 60)), "thousands * 10 * share * (100 + year - 2022) // 340"
    )
    return Records(
        "households",
        "reference_date",
        place="residence",
        by="with_vehicle",
        base=base,
        size=size,
        amount="count",
        layers=(
            {
                "count": "figure",
                "with_vehicle": "class",
                "reference_date": "make_date(year, 7, 1)",
                "vintage": literal(vintage),
                "producer": literal(producer),
                **_place(country),
            },
        ),
    )


def vehicles(country: Country, years: range, vintage: str, producer: str) -> Records:
    """Registered vehicles by place, year and class at the end of the year."""
    classes = (("car", 210), ("motorcycle", 140), ("heavy_vehicle", 22), ("bus", 6))
    base, size = _figures(country, years, classes, "thousands * share * (100 + 4 * (year - 2022)) // 100")
    place = {name.replace("residence", "registration"): sql for name, sql in _place(country).items()}
    return Records(
        "vehicles",
        "reference_date",
        place="registration",
        by="vehicle_class",
        base=base,
        size=size,
        amount="count",
        layers=(
            {
                "count": "figure",
                "vehicle_class": "class",
                "reference_date": "make_date(year, 12, 31)",
                "vintage": literal(vintage),
                "producer": literal(producer),
                **place,
            },
        ),
    )


Level = Literal["first_level", "municipality", "declared_area"]


def area(
    code: str, level: Level, parent: str, name: str, version: str, since: date, until: date | None = None
) -> dict[str, Value]:
    """One row of a list of areas."""
    return {
        "code": code,
        "level": level,
        "parent": parent,
        "name": name,
        "version": version,
        "valid_from": since,
        "valid_to": until,
    }


def areas_of(country: Country, since: date) -> list[dict[str, Value]]:
    """The first-level areas and municipalities of a country in its present version."""
    own = f"{country.code}-"
    rows = [
        area(own + code, "first_level", country.code, name, country.version, since)
        for code, name in country.first_levels.items()
    ]
    rows += [
        area(own + p.municipality, "municipality", own + p.first_level, p.name, country.version, since)
        for p in country.places
        if p.municipality
    ]
    return rows
