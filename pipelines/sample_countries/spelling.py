"""How fields are written in the words of a country, and the misspellings that its providers are bound to make."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.plan import literal
from pipelines.sample_countries.words import Words
from schemas.record_type import Field, RecordType

#: Fields whose text is a label of the penal code rather than of a code list.
OFFENCE = "offence"
#: Code lists that a provider writes as they are.
PLAIN_LISTS = frozenset({"country"})
#: A code of an area that has too few digits for a municipality, and is none of a first-level area.
NO_AREA = "77"
#: A number below all that are counted, and one above all ages.
TOO_FEW, TOO_OLD = "-7777", "777"


def written(field: Field, words: Words, names: Collection[str]) -> str:
    """SQL for the text of a field as the providers of a country write it; NULL stays NULL."""
    if field.name == "iccs" and OFFENCE in names:
        return OFFENCE
    if field.codelist and field.codelist not in PLAIN_LISTS:
        labels = words.labels(field.codelist)
        cases = " ".join(f"WHEN {literal(code)} THEN {literal(label)}" for code, label in labels.items())
        return f"CASE {field.name} {cases} ELSE error('no label for ' || {field.name}) END"
    if field.is_area:
        return f"substr({field.name}, 5)"
    match field.sql_type:
        case "DATE":
            return f"strftime({field.name}, {literal(words.day)})"
        case "DOUBLE":
            return f"replace({field.name}::VARCHAR, '.', {literal(words.decimal)})"
    return f"{field.name}::VARCHAR"


def misspellings(
    kind: RecordType, fields: Sequence[str], headers: Mapping[str, str], words: Words
) -> Iterator[Fault]:
    """One fault for each way in which a column can be wrong by itself."""
    rules = {rule.code: rule for rule in kind.rules}
    for name in fields:
        field, header = kind.by_name[name], headers[name]
        if field.codelist:
            yield _fault(name, "unknown_code", header, words.nonsense)
        elif field.is_area:
            wrong = "unknown_code" if name.endswith("_first_level") else "form"
            yield _fault(name, wrong, header, NO_AREA)
        elif field.sql_type == "DATE":
            yield _fault(name, "unreadable", header, words.no_day)
        elif field.sql_type != "VARCHAR":
            yield _fault(name, "unreadable", header, words.nonsense)
            if f"{name}.range" in rules and not field.sql_type.startswith("U"):
                yield _fault(name, "range", header, TOO_OLD if name.endswith("age_to") else TOO_FEW)
        if field.required:
            yield _fault(name, "missing", header, None)


def _fault(name: str, wrong: str, header: str, value: str | None) -> Fault:
    return Fault(f"{name}_{wrong}", {header: literal(value)}, (f"{name}.{wrong}",))
