"""Which fields a column of labels fills, and the draft tables that say which code of ours each label is."""

from __future__ import annotations

from collections.abc import Sequence

from schemas import codelists
from sources.kit.scaffold import labels
from sources.kit.scaffold.columns import Told
from sources.kit.scaffold.draft import Draft, Table, shown
from sources.kit.scaffold.labels import UNMAPPED, Matched
from sources.kit.scaffold.places import Place

#: Share of the rows whose labels must have a code for an optional field to be mapped.
WORTH = 0.5
#: Labels from which on a column is no list of codes.
MANY = 1500
#: Labels of which the codes stand in the declaration itself.
FEW = 8


def coded_fields(draft: Draft) -> None:
    """Map the fields with code lists that a column is called like."""
    done: set[str] = set()
    for one in draft.seen.told:
        field = draft.kind.by_name.get(one.meaning or "")
        if field is None or not field.codelist or field.name in done or not one.open:
            continue
        done.add(field.name)
        if field.name == "iccs":
            _offences(draft)
        elif field.codelist not in ("country", "yes_no"):
            _coded(draft, field.name, field.codelist)
    if draft.has("iccs") and "iccs" not in draft.lines:
        _one_offence(draft)


def _coded(draft: Draft, name: str, codelist: str) -> None:
    """One field by the column whose labels are known best."""
    # the sex of an offender is not that of the record; a relationship is always to one
    of_record = name == "relationship"
    candidates = [
        one for one in draft.seen.of(name) if (of_record or one.role != "other_person") and _is_list(one)
    ]
    tried = [(labels.matched(codelist, one.column.values), one) for one in candidates]
    if not tried:
        return
    found, one = max(tried, key=lambda t: (t[0].share, not t[1].column.numeric))
    if one.column.numeric and codelist != "sex":
        values = shown([v for v, _ in one.column.values])
        draft.confirm.append(draft.say("number_codes", column=one.name, values=values, field=name))
        return
    required = draft.kind.by_name[name].required
    if found.share < WORTH and not required:
        return
    recode(draft, name, one, found, codelist)


def _is_list(one: Told) -> bool:
    return one.column.complete and 0 < one.column.distinct <= MANY


def recode(draft: Draft, name: str, one: Told, found: Matched, codelist: str) -> None:
    """Map a field by the labels of a column."""
    unmapped = UNMAPPED in codelists.load(codelist)
    with_code = {label: code for label, (code, _) in found.codes.items() if code}
    verb: dict[str, object] = {"recode": one.name}
    table = f"{name}.csv"
    without = list(found.without)
    if not unmapped and not without and len(with_code) <= FEW:
        verb["codes"] = with_code
        comment = draft.say("confirm") if any(how == "like" for _, how in found.codes.values()) else ""
    else:
        if not with_code and not unmapped:
            draft.missing_fields[name] = _missing_codes(draft, table, found)
            draft.tables.append(_table(table, one.name, found, unmapped=False))
            return
        verb["table"] = table
        draft.tables.append(_table(table, one.name, found, unmapped=unmapped))
        comment = draft.say("draft_table", n=len(with_code), all=len(found.codes), table=table)
        if without and unmapped:
            rows = sum(found.rows[label] for label in without)
            draft.confirm.append(draft.say("unmapped", table=table, n=len(without), rows=rows))
        elif without:
            draft.missing.append(_missing_codes(draft, table, found))
    if found.unknown:
        verb["unknown"] = list(found.unknown)
        # whom nobody knows, or whom the victim did not know
        comment = comment or (draft.say("confirm") if name == "relationship" else "")
    if "_U" in codelists.load(codelist) and one.column.filled < draft.seen.profile.rows:
        verb["default"] = "_U"
    draft.add(name, verb, comment)


def _missing_codes(draft: Draft, table: str, found: Matched) -> str:
    rows = sum(found.rows[label] for label in found.without)
    return draft.say(
        "missing_codes", table=table, n=len(found.without), rows=rows, labels=shown(found.without)
    )


def _table(file: str, column: str, found: Matched, *, unmapped: bool) -> Table:
    rows = [
        (label, code or (UNMAPPED if unmapped else ""), "" if how == "label" else how.replace("none", ""))
        for label, (code, how) in found.codes.items()
        if code or unmapped
    ]
    return Table(file, column, tuple(rows))


def _offences(draft: Draft) -> None:
    """The class of the offence by the column whose labels are known best; other events beside offences."""
    candidates = [one for one in draft.seen.of("iccs") if _is_list(one) and not one.column.numeric]
    tried = [(labels.matched("iccs", one.column.values), one) for one in candidates]
    if not tried:
        return
    found, one = max(tried, key=lambda t: (round(t[0].share, 1), len(t[0].codes)))
    events = labels.matched("event_class", one.column.values)
    if draft.has("event_class") and events.share:
        kinds = tuple((label, code or "offence", "") for label, (code, _) in events.codes.items())
        draft.tables.append(Table("event_class.csv", one.name, kinds))
        told = sum(1 for code, _ in events.codes.values() if code)
        # what is no offence has no class of offences
        no_offence = tuple(label for label, (code, _) in events.codes.items() if code)
        found = Matched(
            {label: of for label, of in found.codes.items() if label not in no_offence},
            (*found.unknown, *no_offence),
            found.totals,
            found.rows,
        )
        comment = draft.say("draft_table", n=told, all=len(events.codes), table="event_class.csv")
        draft.lines.pop("event_class", None)
        draft.add(
            "event_class", {"recode": one.name, "table": "event_class.csv", "default": "offence"}, comment
        )
    recode(draft, "iccs", one, found, "iccs")


def _one_offence(draft: Draft) -> None:
    """The class of the one offence that the file is about by its name and titles, or the event that is none."""
    event = labels.event_of(draft.seen.texts)
    if event and draft.has("event_class"):
        draft.lines.pop("event_class", None)
        draft.add("event_class", {"fixed": event}, draft.say("from_titles"))
        return
    code = labels.offence_of(draft.seen.texts)
    if code:
        draft.add("iccs", {"fixed": code}, draft.say("from_titles"))
        draft.confirm.append(f"iccs: {draft.say('from_titles')} ({code})")


def area_table(draft: Draft, place: Place, name: str) -> None:
    """Map a place by the names of areas."""
    table = f"{name}.csv"
    totals = {label for total in draft.seen.totals for label in total.labels}
    labelled = {label: code for label, code in place.labels.items() if label not in totals}
    verb = {**place.verb, "table": table} | ({"unknown": list(place.unknown)} if place.unknown else {})
    without = [label for label, code in labelled.items() if not code]
    rows = tuple((label, code, "") for label, code in labelled.items() if code or not place.share)
    draft.tables.append(Table(table, place.told.name, rows))
    told = len(labelled) - len(without)
    draft.add(name, verb, draft.say("draft_table", n=told, all=len(labelled), table=table))
    if without and not place.share:
        draft.missing.append(draft.say("missing_areas", table=table, country=draft.asked.country))
    elif without:
        draft.missing.append(_without_area(draft, table, place, without))


def _without_area(draft: Draft, table: str, place: Place, without: Sequence[str]) -> str:
    counted = dict(place.told.column.values)
    rows = sum(counted[label] for label in without)
    return draft.say("missing_codes", table=table, n=len(without), rows=rows, labels=shown(without))
