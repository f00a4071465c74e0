"""Which column fills which field of the record type: a draft of the map."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from schemas import codelists, record_type
from sources.kit import months
from sources.kit.conformity import DEFAULTED
from sources.kit.scaffold import coding, labels, rows, timing, vocabulary
from sources.kit.scaffold.columns import Told
from sources.kit.scaffold.draft import NAMES, STATED_YEAR, VALUE, Asked, Draft, Line, Seen

#: What is the same in all records of a type unless a column says otherwise.
_SAME: Mapping[str, Mapping[str, str]] = {
    "incident": {"counting_unit": "offence", "event_class": "offence"},
    "person_role": {"counting_unit": "victim", "role": "victim", "event_class": "offence"},
    "death": {"counting_unit": "death"},
    "birth": {"counting_unit": "birth"},
    "population": {"counting_unit": "person"},
    "missing_person": {"counting_unit": "report"},
    "custody": {"counting_unit": "detainee", "custody_measure": "held"},
    "injury": {"counting_unit": "person"},
    "protection_measure": {"counting_unit": "order"},
    "case_event": {"counting_unit": "case"},
    "service": {"counting_unit": "assistance"},
    "facility": {"counting_unit": "facility"},
    "vehicles": {"counting_unit": "vehicle"},
    "households": {"counting_unit": "household"},
    "area": {"area_level": "municipality"},
}
#: Whose place records of a type speak of where no column says it.
_PLACE = {
    "incident": "occurrence",
    "person_role": "occurrence",
    "missing_person": "occurrence",
    "published_indicator": "occurrence",
    "death": "death",
    "birth": "residence",
    "population": "residence",
    "households": "residence",
    "social_measure": "residence",
    "injury": "residence",
    "survey_person": "residence",
    "survey_household": "residence",
    "survey_incident": "residence",
    "vehicles": "registration",
}
#: Numbers that stand for an age that nobody knows.
_NO_AGE = re.compile(r"9\d\d|888|777")
#: Types whose figures are of a year, not of a month.
YEARLY = frozenset({"population", "households", "vehicles", "social_measure", "published_indicator"})
#: The kinds of institution that usually deliver a record type.
_INSTITUTIONS = {
    "death": "vital_registration",
    "birth": "vital_registration",
    "injury": "hospital",
    "population": "statistics_office",
    "households": "statistics_office",
    "area": "statistics_office",
    "survey_person": "survey",
    "custody": "prisons",
    "case_event": "courts",
}


def drafted(asked: Asked, seen: Seen, kind_name: str, others: tuple[str, ...]) -> Draft:
    """A draft of the map for a record type."""
    draft = Draft(asked, seen, record_type.load(kind_name), others)
    for name, value in _SAME.get(kind_name, {}).items():
        comment = draft.say("same_for_all") if name in ("role", "event_class", "area_level") else ""
        draft.add(name, {"fixed": value}, comment)
    _amount(draft)
    draft.missing += [
        draft.say("subtotals", times=t.times) for t in seen.totals if t.times > 1 and not seen.parents
    ]
    coding.coded_fields(draft)
    _persons(draft)
    _dates(draft)
    _places(draft)
    _texts(draft)
    _identifiers(draft)
    _required(draft)
    order = list(draft.kind.by_name)
    draft.lines = dict(sorted(draft.lines.items(), key=lambda pair: order.index(pair[0])))
    return draft


def source_type(asked: Asked, kind_name: str, texts: tuple[str, ...]) -> str:
    """The kind of institution: as it is said, else by the record type and the words of the file."""
    known = codelists.load("source_type").codes
    said = vocabulary.folded(" ".join(texts))
    prosecution = any(
        w in said for w in ("fiscalia", "procuraduria", "prosecut", "ministerio publico", "carpetas")
    )
    guess = _INSTITUTIONS.get(kind_name, "prosecution" if prosecution else "police")
    return asked.source_type or (guess if guess in known else "police")


def _amount(draft: Draft) -> None:
    """The number that a row counts."""
    seen = draft.seen
    if draft.kind.amount == "weight":
        weights = seen.of("weight")
        if weights:
            said = rows.number_words([weights[0].column], whole=False)
            draft.add("weight", {"parse": "decimal", "from": weights[0].name, **said})
        return
    if seen.values:
        draft.add("count", {"parse": "integer", "from": VALUE, **seen.numbers})
        _require_whole(draft, list(seen.values.columns))
        if seen.values.what == "sex":
            draft.add("sex", {"copy": NAMES["sex"]})
        return
    column = amount_column(seen, draft.kind.name)
    if column:
        draft.add("count", {"parse": "integer", "from": column.name, **seen.numbers})
        _require_whole(draft, [column.name])


def _require_whole(draft: Draft, names: Sequence[str]) -> None:
    """Say where what is counted has decimals."""
    sign = {".": "point", ",": "comma"}.get(draft.seen.numbers.get("decimal", ""))
    for name in names:
        column = draft.seen.profile.column(name)
        if sign and column.share(sign) > column.share("zero_decimals") + 0.01:
            draft.missing.append(draft.say("decimals"))
            return


def amount_column(seen: Seen, kind_name: str) -> Told | None:
    """The column of numbers that are added up; None where each row is one."""
    meanings = ("population", "count") if kind_name == "population" else ("count", "total")
    numeric = [one for one in seen.of(*meanings) if one.column.numeric]
    return numeric[0] if numeric else _only_number(seen)


def _only_number(seen: Seen) -> Told | None:
    """The one column of numbers that nothing else explains, in a table whose rows are no single records."""
    single = {"case_id", "person_id", "person_name", "age_years", "birth_date", "weight"}
    placed = {place.told.name for place in seen.places}
    if single & {one.meaning for one in seen.told} or not (placed or seen.of("year")):
        return None
    numbers = [
        one
        for one in seen.told
        if one.open and one.meaning is None and one.column.numeric and one.name not in placed
    ]
    return numbers[0] if len(numbers) == 1 and numbers[0].column.distinct > 1 else None


def _persons(draft: Draft) -> None:
    ages = [one for one in draft.seen.of("age_years") if one.role != "other_person"]
    if ages and draft.has("age_years"):
        verb: dict[str, Any] = {"parse": "age", "from": ages[0].name}
        words = [
            v for v, _ in ages[0].column.values if vocabulary.folded(v) in vocabulary.values()["unknown"]
        ]
        # codes for "not known", such as 999; any other great number is a mistake that a rule tells
        words += [v for v, _ in ages[0].column.values if _NO_AGE.fullmatch(v)][:8]
        draft.add("age_years", verb | ({"unknown": list(dict.fromkeys(words))} if words else {}))
        return
    groups = [one for one in draft.seen.of("age_group") if one.column.share("age_group", "integer") > 0.5]
    if groups and draft.has("age_from"):
        values = groups[0].column.values
        words = [v for v, _ in values if vocabulary.folded(v) in vocabulary.values()["unknown"]]
        unknown = {"unknown": words} if words else {}
        draft.add("age_from", {"parse": "age_from", "from": groups[0].name, **unknown})
        draft.add("age_to", {"parse": "age_to", "from": groups[0].name, **unknown})


def _dates(draft: Draft) -> None:
    """The date that puts records into time, and the others that columns say."""
    primary = draft.kind.date_field
    basis = primary.removesuffix("_date")
    if primary == "valid_from":
        draft.date_basis = primary
        return
    dated = [one for one in draft.seen.of("date") if one.role not in ("birth", "other_person")]
    rank = {basis: 0, draft.kind.name: 0, "": 1, "report": 2, "registration": 3}
    best = min(dated, key=lambda one: rank.get(one.role, 4), default=None)
    verb, draft.precise = (_date(draft, best), "day") if best else _of_year(draft)
    draft.date_basis = basis
    if verb is None:
        return
    role = best.role if best else ""
    if role not in ("", basis) and draft.has(f"{role}_date"):
        draft.add(f"{role}_date", verb)
        draft.date_basis = role
        draft.add(primary, verb, draft.say("basis"))
    else:
        by_title = draft.say("year_in_title") if draft.stated else ""
        draft.add(primary, verb, by_title)
        draft.confirm += [f"{primary}: {by_title}"] if by_title else []
    if best and best.dates and all("%d" not in form for form in best.dates):
        draft.precise = "month"
    for one in dated:
        if one is not best and one.role:
            draft.add(f"{one.role}_date", _date(draft, one))


def _date(draft: Draft, one: Told) -> dict[str, Any]:
    forms = list(one.dates) or ["excel"]
    verb: dict[str, Any] = {"parse": "date", "from": one.name, "formats": forms}
    if any("%b" in form for form in forms):
        verb["months"] = _language_of(one)
    return verb | ({"years_from": 1930} if any("%y" in form for form in forms) else {})


def _of_year(draft: Draft) -> tuple[dict[str, Any] | None, str]:
    """A date made of year and month, or of the year alone."""
    seen = draft.seen
    years, named = seen.of("year"), seen.of("month")
    values = seen.values.what if seen.values else ""
    month = NAMES["month"] if values == "month" else named[0].name if named else ""
    if values == "date":
        return {"parse": "date", "from": NAMES["date"], "formats": ["%Y-%m"]}, "month"
    if values == "year":
        return {"parse": "year", "from": NAMES["year"], **_mid_year(draft)}, "year"
    year = years[0].name if years else _stated_year(draft)
    if year is None:
        return None, "year"
    if month:
        verb: dict[str, Any] = {"parse": "year_month", "year": year, "month": month}
        words = bool(named) and values != "month" and not named[0].column.numeric
        return verb | ({"months": _language_of(named[0])} if words else {}), "month"
    return {"parse": "year", "from": year, **_mid_year(draft)}, "year"


def _stated_year(draft: Draft) -> str | None:
    """The name of a column for the one year that the file's name or titles say; None where they say none."""
    where = timing.stated_year(draft.seen.file_name, draft.seen.found.titles)
    if where is None:
        return None
    draft.stated[STATED_YEAR] = where.words
    return STATED_YEAR


def _language_of(one: Told) -> str:
    """Language of the names of months; Spanish where they may be of several."""
    return (
        months.spoken([word for v, _ in one.column.values for word in vocabulary.folded(v).split()]) or "es"
    )


def _mid_year(draft: Draft) -> dict[str, str]:
    return {"day": "07-01"} if draft.kind.name in YEARLY else {}


def _places(draft: Draft) -> None:
    if draft.kind.name == "area":
        _area(draft)
        return
    default = _PLACE.get(draft.kind.name, "jurisdiction")
    for place in draft.seen.places:
        role = place.told.role if draft.has(f"{place.told.role}_{place.level}") else default
        name = f"{role}_{place.level}"
        if not draft.has(name) or name in draft.lines:
            continue
        if place.labels:
            coding.area_table(draft, place, name)
        else:
            held = bool(draft.asked.areas.get("first_level"))
            draft.add(name, dict(place.verb), "" if held else draft.say("local"))
        draft.place_basis = draft.place_basis or (role if place.level == "first_level" else "")
    width = max(map(len, draft.asked.areas.get("first_level", {})), default=0)
    for place in draft.seen.places:
        role = place.told.role if draft.has(f"{place.told.role}_{place.level}") else default
        whole, part = f"{role}_municipality", f"{role}_first_level"
        if place.level == "municipality" and whole in draft.lines and width:
            draft.add(part, {"part_of": whole, "take": [1, 4 + width]})
            draft.place_basis = draft.place_basis or role


def _area(draft: Draft) -> None:
    """The codes and names of a list of areas."""
    coded = [p for p in draft.seen.places if p.verb.get("copy")]
    codes = [p for p in coded if p.level == "municipality"] or coded
    level = codes[0].level if codes else "municipality"
    draft.lines["area_level"] = Line("area_level", {"fixed": level}, draft.say("same_for_all"))
    if codes:
        draft.add("area_code", dict(codes[0].verb))
        width = max(map(len, draft.asked.areas.get("first_level", {})), default=0)
        if level == "first_level":
            draft.add("parent_code", {"fixed": draft.asked.country})
        elif width:
            draft.add("parent_code", {"part_of": "area_code", "take": [1, 4 + width]})
    meanings = ("municipality", "locality") if level == "municipality" else ("first_level",)
    texts = [one for one in draft.seen.of(*meanings) if not one.column.numeric and one.column.unique > 0.5]
    if texts:
        draft.add("name", {"copy": texts[0].name})


def _texts(draft: Draft) -> None:
    """Causes, hours, coordinates, keys of a survey: fields without a code list."""
    for one in draft.seen.of("cause"):
        verb = {"copy": one.name, "remove": ".", "upper": True, "take": [1, 4]}
        draft.add("cause_from", verb)
        draft.add("cause", verb)
    if draft.kind.name == "death" and "cause_from" not in draft.lines:
        _causes_of_titles(draft)
    for one in draft.seen.of("occurrence_hour"):
        if one.column.share("clock") > 0.7 or (one.column.limits and one.column.limits[1] < 24):
            draft.add("occurrence_hour", {"parse": "hour", "from": one.name})
    for name in ("stratum", "psu", "household_key", "person_key", "facility_code"):
        for one in draft.seen.of(name):
            draft.add(name, {"copy": one.name})
    for one in draft.seen.of("n_victims"):
        draft.add("n_victims", {"parse": "integer", "from": one.name})
    for one in draft.seen.told:
        if one.meaning in ("latitude", "longitude") and draft.has(one.meaning) and one.column.numeric:
            said = rows.number_words([one.column], whole=False)
            draft.add(one.meaning, {"parse": "decimal", "from": one.name, **said})


def _causes_of_titles(draft: Draft) -> None:
    """The range of causes that the file is about by its name and titles: homicides, or suicides."""
    texts = draft.seen.texts
    suicides = labels.event_of(texts) == "suicide"
    limits = ("X85", "Y09") if labels.offence_of(texts) == "0101" else ("X60", "X84") if suicides else None
    if limits:
        for name, cause in zip(("cause_from", "cause_to"), limits, strict=True):
            draft.add(name, {"fixed": cause}, draft.say("from_titles"))
        draft.confirm.append(f"cause_from, cause_to: {draft.say('from_titles')} ({limits[0]}-{limits[1]})")


def _identifiers(draft: Draft) -> None:
    for meaning, name in (("case_id", "case_hmac"), ("person_id", "person_hmac")):
        for one in draft.seen.told:
            if one.meaning == meaning and one.sensitivity == "identifier" and one.role != "other_person":
                draft.add(name, {"hmac": one.name})


def _required(draft: Draft) -> None:
    """What the record type requires and nothing fills yet: what follows is filled, the rest is missing."""
    asked = draft.asked
    if draft.kind.name == "population" and "sex" not in draft.lines:
        draft.add("sex", {"fixed": "_T"}, draft.say("same_for_all"))
    said = timing.year(draft.seen.file_name, draft.seen.found.titles)
    edition = timing.edition(draft.seen.file_name, draft.seen.found.titles, None)
    if draft.has("vintage") and (said or edition):
        year = edition.value.year if edition else said
        draft.add("vintage", {"fixed": f"{asked.country}-{year}"}, draft.say("from_titles"))
    year_said = edition.value.year if edition else said
    for name in ("edition", "label_year"):
        if draft.kind.name.startswith("survey") and draft.has(name) and year_said:
            draft.add(name, {"fixed": str(year_said)}, draft.say("from_titles"))
    draft.add("survey_code", {"fixed": asked.source_id}, draft.say("same_for_all"))
    if asked.owner and draft.has("producer"):
        draft.add("producer", {"fixed": asked.owner})
    for field in draft.kind.fields:
        name = field.name
        if not field.required or name in draft.lines or name in DEFAULTED or name in draft.missing_fields:
            continue
        if field.codelist == "country":
            draft.add(name, {"fixed": asked.country})
            continue
        described = field.description[asked.language]
        draft.missing_fields[name] = draft.say("missing_field", field=name, description=described)
