"""The pages of the indicator catalogue, in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from docs.generate.markdown import code, page, table
from docs.generate.words import Language, word
from indicators import catalogue, causes, feeds, inputs
from indicators.definition import DIMENSIONS, Condition, Indicator, Texts
from schemas import codelists, record_type
from sources.kit import discovery


class Named(NamedTuple):
    """An indicator as a list shows it."""

    id: str
    name: str
    definition: str


def named(language: Language) -> list[Named]:
    """Every indicator with its name and definition."""
    return [
        Named(i.id, _in(i.name, language), _in(i.definition, language)) for i in catalogue.load().indicators
    ]


def declared() -> list[inputs.Source]:
    """All declared sources as the catalogue sees them."""
    found = []
    for source in discovery.load_all():
        s = source.specification
        bases = (s.delivers.place_basis, s.delivers.date_basis)
        found.append(inputs.Source(s.id, s.country, s.record_type, s.source_type, *bases, ()))
    return found


def rendered(language: Language, sources: Sequence[inputs.Source]) -> dict[str, str]:
    """Page of every indicator, by its id."""
    return {i.id: _page(i, language, sources) for i in catalogue.load().indicators}


def _in(texts: Texts, language: Language) -> str:
    return str(getattr(texts, language))


def _page(indicator: Indicator, language: Language, sources: Sequence[inputs.Source]) -> str:
    def said(key: str) -> str:
        return f"## {word(key, language)}"

    parts = [f"`{indicator.id}`"]
    for key in ("definition", "rationale", "caveats"):
        parts += [said(key), _in(getattr(indicator, key), language)]
    counted = [f"{word('counted', language)}:", *(f"- {t}" for t in _tests(indicator, language))]
    parts += [said("computation"), "\n".join(counted), _properties(indicator, language, sources)]
    parts += [said("equivalences"), "\n".join(f"- {e.scheme}: {e.code}" for e in indicator.equivalences)]
    changes = [
        f"- {word('version', language)} {c.version}, {c.date.isoformat()}: {c.what}"
        for c in indicator.changes
    ]
    parts += [said("changes"), "\n".join(changes), said("cases"), word("case_note", language)]
    for case in indicator.cases:
        headings = [word("cell", language), word("expected", language)]
        parts += [f"### {case.name}", table(headings, [_expected(e) for e in case.expect])]
    return page(_in(indicator.name, language), *parts)


def _properties(indicator: Indicator, language: Language, sources: Sequence[inputs.Source]) -> str:
    def listed(codelist: str, codes: Sequence[str]) -> str:
        return ", ".join(_labelled(codelist, c, language) for c in codes)

    i = indicator
    units = {
        freq: codelists.load("unit_measure").entry(unit).label(language) for freq, unit in i.unit.items()
    }
    rows = [
        ("numerator", _part(i.numerator.record_type, i.numerator.counting_unit, language)),
        ("denominator", _part(i.denominator.record_type, i.denominator.counting_unit, language)),
        ("multiplier", f"{i.multiplier:,}".replace(",", " ")),
        ("unit", "; ".join(f"{freq}: {unit}" for freq, unit in units.items())),
        ("decimals", i.decimals),
        ("interval", word(i.interval, language)),
        ("place_basis", listed("place_basis", i.place_basis)),
        ("date_basis", listed("date_basis", i.date_basis)),
        ("levels", listed("area_level", i.levels)),
        ("freq", listed("freq", i.freq)),
        ("breakdowns", ", ".join(_dimension(d, language) for d in i.breakdowns)),
        ("domain", i.domain),
        ("category", word(f"category.{i.category}", language)),
        ("direction", word(f"direction.{i.direction}", language)),
        ("regional_method", word(f"regional_method.{i.regional_method}", language)),
        ("owner", i.owner),
        ("version", i.version),
        ("sources", ", ".join(code(s) for s in _sources(i, sources))),
    ]
    headings = [word("property", language), word("value", language)]
    return table(headings, [(word(key, language), value) for key, value in rows])


def _part(record: str, unit: str, language: Language) -> str:
    title = record_type.load(record).titles[language]
    return f"{title} (`{record}`), {_labelled('counting_unit', unit, language)}"


def _labelled(codelist: str, c: str, language: Language) -> str:
    return f"{codelists.load(codelist).entry(c).label(language)} (`{c}`)"


def _dimension(dimension: str, language: Language) -> str:
    listed = codelists.load("age_band" if dimension == "age" else dimension)
    titles = {"es": listed.title_es, "en": listed.title, "pt": listed.title_pt}
    return f"{titles[language]} (`{dimension}`)"


def _tests(indicator: Indicator, language: Language) -> list[str]:
    numerator = indicator.numerator
    unit = _labelled("counting_unit", numerator.counting_unit, language)
    return [
        f"`counting_unit` {word('is', language)} {unit}",
        *(_test(numerator.record_type, test, language) for test in numerator.where),
    ]


def _test(record: str, test: Condition, language: Language) -> str:
    if test.within is not None:
        groups = "; ".join(
            f"{codelists.load('icd10_group').entry(g).label(language)} ({causes.words(g, language)})"
            for g in test.within
        )
        return f"{word('cause_within', language)} {groups}"
    listed = record_type.load(record).by_name[test.field].codelist or ""
    if test.descends is not None:
        below = word("or_below", language)
        return f"`{test.field}` {word('is', language)} {_labelled(listed, test.descends, language)} {below}"
    codes = f" {word('or', language)} ".join(_labelled(listed, c, language) for c in _named(test))
    return f"`{test.field}` {word('is_not' if test.other_than else 'is', language)} {codes}"


def _named(test: Condition) -> list[str]:
    return list(test.among or test.other_than or [])


def _sources(indicator: Indicator, sources: Sequence[inputs.Source]) -> list[str]:
    """The declared sources whose record type and bases fit; whether one has such records is seen in its facts."""
    return [feed.source.id for feed in feeds.candidates([indicator], sources)]


def _expected(expected: Mapping[str, Any]) -> tuple[str, str]:
    key = {"ref_area", "time_period", *DIMENSIONS}
    where = ", ".join(
        str(v) if k in ("ref_area", "time_period") else f"{k}={v}" for k, v in expected.items() if k in key
    )
    values = ", ".join(f"{k} {'NULL' if v is None else v}" for k, v in expected.items() if k not in key)
    return where, values
