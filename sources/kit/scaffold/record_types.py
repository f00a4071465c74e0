"""What one row of a file is: the record type that its columns, its name and its titles speak for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sources.kit.scaffold import labels, vocabulary
from sources.kit.scaffold.columns import Told
from sources.kit.scaffold.places import Place

#: Score below which no record type is certain.
CERTAIN = 3.0
#: Words of a subject that count at most, and how much one of the file's name or titles counts.
WORDS, OF_TITLE = 2, 1.0
#: What a word of these subjects counts: it is said of nothing else.
_TELLING = 4.0
_OFTEN_SAID = frozenset({"incident", "person_role", "published_indicator", "area"})
#: What rows of these types need to speak of at all; without it words alone would not do.
_NEEDS = {
    "population": {"population", "count"},
    "survey_person": {"weight"},
    "death": {"cause", "manner_of_death", "count", "sex", "age_years"},
}


@dataclass(frozen=True)
class Candidate:
    """A record type with what speaks for it."""

    name: str
    score: float


def candidates(
    told: Sequence[Told], places: Sequence[Place], texts: Sequence[str], *, side_by_side: str, rows: int
) -> tuple[Candidate, ...]:
    """Record types, the one that most speaks for first.

    Args:
        told: The columns.
        places: Those that say a place.
        texts: Name and titles of the file.
        side_by_side: What the headers of value columns side by side say; empty where there are none.
        rows: How many rows it has.
    """
    meanings = {one.meaning for one in told if one.meaning}
    if side_by_side:
        meanings |= {"count"}
    scores = _of_columns(meanings, places, rows)
    if any(one.meaning == "cause" and one.column.unique > 0.95 for one in told):
        # each cause once: a list of causes
        scores["death"] -= 4.0
    of_event = bool(labels.event_of(texts) or labels.offence_of(texts))
    if side_by_side == "year" and not of_event and not meanings & {"iccs", "cause", "mechanism"}:
        scores["population"] += 1.5
    scores["incident"] += 2.0 * (of_event and "count" in meanings and not _of_person(meanings))
    in_titles, in_names = vocabulary.subjects(texts), vocabulary.subjects([one.name for one in told])
    for subject in {*in_titles, *in_names}:
        if _NEEDS.get(subject) and not meanings & _NEEDS[subject]:
            continue
        weight = OF_TITLE if subject in _OFTEN_SAID else _TELLING
        words = weight * min(in_titles.get(subject, 0), WORDS) + min(in_names.get(subject, 0), 1)
        scores[subject] = scores.get(subject, 0.0) + words
    if {"cause", "iccs", "mechanism"} & meanings:
        # an event, whatever else stands beside it
        scores["population"] = scores.get("population", 0.0) - 4
    found = [Candidate(name, score) for name, score in scores.items() if score > 0]
    return tuple(sorted(found, key=lambda c: (-c.score, c.name)))


def _of_person(meanings: set[str]) -> bool:
    return bool(meanings & {"sex", "age_years", "age_group", "person_id", "person_name", "relationship"})


def _of_columns(meanings: set[str], places: Sequence[Place], rows: int) -> dict[str, float]:
    person = _of_person(meanings)
    event = bool(meanings & {"iccs", "mechanism", "case_id"})
    coded = {place.level for place in places}
    scores: Mapping[str, float] = {
        "death": 5.0 * ("cause" in meanings) + 1.5 * ("manner_of_death" in meanings),
        "population": 3.5 * ("population" in meanings)
        - 3.0 * ("population" in meanings and "count" in meanings),
        "survey_person": 3.0 * ("weight" in meanings) + 1.5 * bool(meanings & {"stratum", "psu"}),
        "person_role": (2.0 if event else 1.0) * person
        + 1.0 * bool(meanings & {"role", "relationship", "n_victims"})
        + 1.5 * ({"sex", "age_years"} <= meanings and "count" not in meanings)
        + 1.0 * event,
        "incident": 2.0 * event + 1.0 * (not person) * ("count" in meanings or event),
        "missing_person": 3.0 * ("missing_status" in meanings),
        "custody": 2.5 * ("legal_status" in meanings),
        "protection_measure": 3.0 * ("protection_type" in meanings),
        "area": 2.5
        * (
            bool(coded)
            and not meanings & {"count", "population", "weight", "iccs", "cause", "rate", "date", "year"}
        )
        * (rows < 20_000),
    }
    return dict(scores)
