"""What each column of a file is: its meaning, how its content may be used, and how its values are written.

What leads to a person is told by the column's name or by its values, and where in doubt it is taken for it: such a
column is declared identifier or restricted, and nothing of its content is ever written or shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sources.kit import kinds
from sources.kit.scaffold import vocabulary
from sources.kit.scaffold.profile import DATES, NAMED, Column

Sensitivity = Literal["open", "identifier", "restricted"]

#: Share of a name that the words for its meaning must take.
SAID = 0.34
#: Share of the rows from which on a shape is that of the column.
MOST, NEARLY_ALL = 0.8, 0.97
#: Different values for each row, rows and length from which on unknown text may be about persons.
VARIED, ENOUGH, LONG = 0.4, 20, 60
#: Share of a column's texts that have a given name, from which on they are names of persons.
NAMES = 0.25
#: Excel's numbers of the days from 1954 to 2064.
EXCEL_DAYS = (20_000, 60_000)

#: A header of a value column that is a year, or ends in one.
HEADED_BY_YEAR = re.compile(r"(?P<stem>\D*?)[_ ]?(?P<year>(?:19|20|21)\d\d(?:\.0)?|(?<=[A-Za-z_ ])\d\d)")

#: Meanings that lead to a person.
_PERSONAL = {
    "case_id": "identifier",
    "person_id": "identifier",
    "person_name": "restricted",
    "phone": "restricted",
    "email": "restricted",
    "address": "restricted",
    "narrative": "restricted",
    "plate": "restricted",
    "birth_date": "restricted",
    "latitude": "restricted",
    "longitude": "restricted",
}
#: Words of a column's name and the kind of identifier that they name; some in their country alone.
_KINDS = {
    "curp": "curp",
    "run": "run_cl",
    "rut": "run_cl",
    "cpf": "cpf_br",
    "cnpj": "cnpj_br",
    "cns": "cns_br",
    "rg": "rg",
    "dui": "dui_sv",
    "dpi": "dpi_gt",
    "cui": "dpi_gt",
    "cuil": "cuil_ar",
}
_BY_COUNTRY = {
    "dni": {"ARG": "dni_ar", "PER": "dni_pe", "HND": "dni_hn"},
    "cedula": {
        "COL": "cedula_co",
        "URY": "ci_uy",
        "ECU": "cedula_ec",
        "DOM": "cedula_do",
        "CRI": "cedula_cr",
    },
}


@dataclass(frozen=True)
class Told:
    """What is told of a column.

    Args:
        column: What was counted of it.
        meaning: What it holds; None where that is not known.
        role: Of whom, where or when it speaks; empty where the name does not say.
        sensitivity: How its content may be used.
        kind: Of an identifier, its kind.
        by: By what it was told: its name, its values, or in doubt.
        dates: Forms of its dates, the most frequent first.
    """

    column: Column
    meaning: str | None
    role: str
    sensitivity: Sensitivity = "open"
    kind: str = ""
    by: Literal["name", "values", "doubt"] = "name"
    dates: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def open(self) -> bool:
        """Whether its content may be mapped and shown."""
        return self.sensitivity == "open"


def told(columns: Sequence[Column], country: str, area_names: frozenset[str]) -> tuple[Told, ...]:
    """What each column is.

    Args:
        columns: The columns as they were counted.
        country: The source's country.
        area_names: Folded names of the country's areas, which are no names of persons.
    """
    return tuple(_told(column, country, area_names) for column in columns)


def _told(column: Column, country: str, area_names: frozenset[str]) -> Told:
    named = vocabulary.named(column.name)
    # a word that may lead to a person counts wherever it stands in a name
    meaning = named.meaning if named.score >= SAID or named.meaning in _PERSONAL else None
    of_document = _document(column, country)
    if of_document:
        return Told(column, "person_id", named.role, "identifier", of_document, "values")
    if column.share("email") > 0.3:
        return Told(column, "email", named.role, "restricted", "", "values")
    places = _share_of(column, area_names)
    if meaning in _PERSONAL and places < 0.5:
        return _personal(column, meaning, named.role, country)
    if _counts_rows(column) and meaning not in ("year", "person_key", "household_key"):
        return Told(column, "row_counter", named.role, "open", "", "values")
    dates = _dates(column, country)
    meaning = _fitting(column, meaning, dates, named.role)
    if meaning == "date" and (named.role == "birth" or named.meaning == "birth_date"):
        return Told(column, "birth_date", "birth", "restricted")
    if _heads_values(column):
        return Told(column, None, "", "open", "", "values")
    if (
        places < 0.5
        and named.meaning != "date"
        and meaning not in ("year", "month", "first_level", "municipality")
    ):
        doubted = _doubted(column, meaning)
        if doubted:
            return doubted
    by: Literal["name", "values"] = "name" if meaning == named.meaning else "values"
    return Told(column, meaning, named.role, "open", "", by, dates if meaning == "date" else ())


def _heads_values(column: Column) -> bool:
    """Whether a column of numbers is headed by a month or a year: values side by side, which lead to nobody."""
    name = column.name.rpartition(" / ")[2].strip()
    return column.numeric and bool(
        vocabulary.month(name) or HEADED_BY_YEAR.fullmatch(name) or re.fullmatch(r"\d{4}-\d\d-\d\d.*", name)
    )


def _document(column: Column, country: str) -> str | None:
    """The kind of identifier that nearly all values of a column are, by form and check digit; None for others."""
    if column.share("curp") > 0.5:
        return "curp"
    if column.unique < VARIED or column.lengths[1] < 7 or column.filled < 5:
        return None
    values = [value for value, _ in column.values[:300]]
    for name, kind in kinds.KINDS.items():
        if not kind.checks or kind.country != country:
            continue
        normal = [kinds.normal(name, value) for value in values]
        if sum(1 for n in normal if n and kinds.valid(name, n)) > 0.85 * len(values):
            return name
    return None


def _share_of(column: Column, area_names: frozenset[str]) -> float:
    """Share of the rows whose value is the name of an area; all of them where most of the areas are named."""
    total = sum(n for _, n in column.values)
    named = {vocabulary.folded(v) for v, _ in column.values} & area_names
    if len(area_names) > 5 and len(named) > 0.6 * len(area_names):
        return 1.0
    return sum(n for v, n in column.values if vocabulary.folded(v) in area_names) / total if total else 0.0


def _personal(column: Column, meaning: str, role: str, country: str) -> Told:
    if meaning == "case_id" and _counts_rows(column):
        return Told(column, "row_counter", role)
    kind = ""
    if meaning == "case_id":
        kind = "folio"
    elif meaning == "person_id":
        kind = _kind_by_name(column.name, country)
    sensitivity: Sensitivity = "identifier" if kind else "restricted"
    return Told(column, meaning, role, sensitivity, kind, "name")


def _kind_by_name(name: str, country: str) -> str:
    words = vocabulary.folded(name).split()
    for word in words:
        kind = _KINDS.get(word) or _BY_COUNTRY.get(word, {}).get(country)
        if kind and kinds.KINDS[kind].country in ("", country):
            return kind
    return "document"


def _counts_rows(column: Column) -> bool:
    """Whether a column merely numbers the rows."""
    if column.limits is None or column.share("integer") < 1 or column.unique < 0.99:
        return False
    least, greatest = column.limits
    return least in (0, 1) and greatest - least < 1.02 * column.filled + 1


def _doubted(column: Column, meaning: str | None) -> Told | None:
    """A column whose values may lead to a person although its name does not say so; None for others."""
    if column.complete and _with_given_name(column) > NAMES and column.distinct > 2:
        return Told(column, "person_name", "", "restricted", "", "values")
    if column.filled < ENOUGH or column.unique < VARIED or _counts_rows(column):
        return None
    if _with_given_name(column) > NAMES:
        return Told(column, "person_name", "", "restricted", "", "values")
    if column.share("phone") > MOST and column.lengths[1] >= 9 and meaning in (None, "row_counter"):
        return Told(column, "phone", "", "restricted", "", "values")
    numbers = column.share("integer", "point", "comma", "thousands_comma", "thousands_space")
    if numbers > MOST:
        long = column.lengths[1] >= 6 and column.share("integer") > MOST and column.unique > 0.9
        return Told(column, None, "", "identifier", "free", "doubt") if long and not meaning else None
    if meaning in ("cause", "age_years", "occurrence_hour", "count", "population", "weight", "rate"):
        return None
    if column.share("mixed") > MOST and column.lengths[2] < LONG and column.share("words") < 0.2:
        return Told(column, "case_id", "", "identifier", "folio", "doubt")
    return Told(column, "narrative", "", "restricted", "", "doubt")


def _with_given_name(column: Column) -> float:
    """Share of the different texts that have a given name and a further word."""
    names = set(vocabulary.values()["given_names"])
    values = [v for v, _ in column.values[:500]]
    if not values:
        return 0.0
    found = sum(1 for v in values if len(words := vocabulary.folded(v).split()) > 1 and names & set(words))
    return found / len(values)


def _dates(column: Column, country: str) -> tuple[str, ...]:
    """The forms in which nearly all values of a column are dates; empty where they are none."""
    month_first = country == "USA"
    found: list[tuple[float, str]] = []
    for forms in (*DATES.values(), *((form,) for form in NAMED.values())):
        shares = [(column.share(form), form) for form in forms]
        best = max(shares, key=lambda one: (one[0], one[1].startswith("%m/%d") == month_first))
        if best[0] > 0.002:
            found.append(best)
    found.sort(reverse=True)
    # eight digits are a date only where all of them are
    found = [one for one in found if one[1] != "%Y%m%d" or one[0] > NEARLY_ALL]
    return tuple(form for _, form in found) if sum(share for share, _ in found) > MOST else ()


def _fitting(column: Column, meaning: str | None, dates: Sequence[str], role: str) -> str | None:
    """The meaning that the values allow: of several meanings of a name the one that they have."""
    if dates:
        return "date"
    if meaning == "date":
        days = column.limits and column.share("integer") > MOST and EXCEL_DAYS[0] < column.limits[0]
        return "date" if days and column.limits and column.limits[1] < EXCEL_DAYS[1] else None
    if meaning == "year" or (meaning is None and column.share("year") > NEARLY_ALL and column.distinct < 120):
        return "year" if column.share("year") > MOST else None
    months = sum(n for v, n in column.values if _is_month(v)) / max(1, sum(n for _, n in column.values))
    if meaning == "month":
        return "month" if months > MOST else None
    if meaning is None and months > NEARLY_ALL and not column.share("integer"):
        return "month"
    if (
        column.share("icd") > MOST
        and column.distinct > 3
        and not column.share("integer")
        and role != "residence"
    ):
        return "cause"
    if meaning == "cause":
        return None
    words = {vocabulary.folded(v) for v, _ in column.values[:12]}
    known = vocabulary.values()
    if meaning in (None, "person_kind") and column.distinct <= 8 and _is_sex(words, known):
        return "sex"
    if meaning == "age_years" and not column.share("integer") > 0.5:
        return "age_group"
    if meaning == "age_group" and column.share("integer") > MOST:
        return "age_code"
    if meaning in ("count", "population", "weight", "rate", "total") and column.limits is None:
        thousands = column.share("thousands_point", "thousands_comma", "thousands_space", "comma")
        return meaning if thousands > MOST else None
    return meaning


def _is_month(value: str) -> bool:
    return vocabulary.month(value) is not None or bool(re.fullmatch(r"0?[1-9]|1[0-2]", value))


def _is_sex(words: set[str], known: Mapping[str, Any]) -> bool:
    men, women = ({w for w in known[sex] if len(w) > 1} for sex in ("male", "female"))
    return bool(words & men) and bool(words & women)
