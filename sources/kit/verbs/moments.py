"""Dates and hours as SQL.

Of the forms that are declared the first that fits decides. DuckDB reads names of months in English only, years of
two digits as it likes, and 'infinity' and 'epoch' as days: what it would guess is put right before and after it.
"""

from __future__ import annotations

import re

from schemas import sql
from sources.kit import months as naming
from sources.kit.declared_text import EXCEL
from sources.kit.months import Months
from sources.kit.raw_text import look_up, plain
from sources.kit.words import ParseDate, ParseHour

#: Day that Excel counts as 0 (its 1900 was a leap year, so that days before March 1900 are one off), or as 0 in 1904.
_EPOCHS = {"excel": "DATE '1899-12-30'", "excel_1904": "DATE '1904-01-01'"}
#: Numbers of days that are read: from March 1900 to the end of 2099.
_FIRST_SERIAL, _LAST_SERIAL = 61, 73050
_DIRECTIVE = re.compile(r"%-?[A-Za-z%]|[^%]+")
#: The parts of an ISO week as they are written.
_PARTS = {"%G": "([0-9]{4})", "%V": "[0-9]{1,2}", "%u": "[0-9]"}
_OFFSET = "(Z|[+-][0-9]{2}:?[0-9]{2})$"


def date(verb: ParseDate, text: str) -> str:
    """A date; NULL for what none of the forms fits."""
    return _first([day for _, day in dates(verb, text)])


def dates(verb: ParseDate, text: str) -> list[tuple[str, str]]:
    """The precision (day, month, year) and the SQL of the date of each form, in the order of the declaration.

    Neighbouring forms that need nothing special are tried in one step.
    """
    found: list[tuple[str, str]] = []
    together: list[str] = []

    def settle() -> None:
        if together:
            found.append((_precision(together[0]), _four_digit_years(_moment(together, text), text)))
            together.clear()

    for form in verb.formats:
        if (
            form in EXCEL
            or _special(verb, form)
            or (together and _precision(form) != _precision(together[0]))
        ):
            settle()
        if form in EXCEL:
            found.append(("day", _serial(form, text)))
        elif _special(verb, form):
            found.append((_precision(form), _special_date(verb, form, text)))
        else:
            together.append(form)
    settle()
    return found


def precision(verb: ParseDate, text: str) -> str | None:
    """SQL of the precision of a date that has forms of several precisions; None where all have one."""
    tried = dates(verb, text)
    if len({p for p, _ in tried}) == 1:
        return None
    cases = " ".join(f"WHEN {day} IS NOT NULL THEN {sql.text(p)}" for p, day in tried)
    return f"CASE {cases} END"


def only_precision(verb: ParseDate) -> str:
    """The precision that all forms of a date have."""
    return _precision(verb.formats[0])


def hour(verb: ParseHour, text: str, target: str) -> str:
    """An hour; NULL for what none of the forms fits."""
    tried = []
    for form in verb.formats:
        match form:
            case "clock":
                tried.append(_clock(text, target))
            case "hhmm":
                digits = f"lpad(trim({text}), 4, '0')"
                fits = f"regexp_full_match(trim({text}), '[0-9]{{1,4}}') AND substr({digits}, 3, 1) < '6'"
                tried.append(f"CASE WHEN {fits} THEN TRY_CAST(substr({digits}, 1, 2) AS {target}) END")
            case "excel":
                # half a second more, so that 0.9166666 is ten in the evening
                part = f"replace(trim({text}), ',', '.')"
                seconds = f"((TRY_CAST({part} AS DOUBLE) % 1) * 86400 + 0.5)"
                fits = f"regexp_full_match({part}, '[0-9]{{0,5}}[.][0-9]+|0')"
                tried.append(f"CASE WHEN {fits} THEN TRY_CAST(floor({seconds} / 3600) AS {target}) END")
            case _:
                moment = _zoned(verb, form, text) if _special(verb, form) else _moment([form], text)
                tried.append(f"CAST(hour({moment}) AS {target})")
    return _first(tried)


def year_month(year: str, month: str, months: Months | None) -> str:
    """The first day of a month."""
    if months:
        named = look_up(f"rtrim({plain(month)}, '.')", _month_numbers(months), "VARCHAR")
        month = f"coalesce({named}, trim({month}))"
    return _four_digit_year(f"try_strptime(trim({year}) || '-' || trim({month}), '%Y-%m')::DATE")


def year(text: str, day: str) -> str:
    """A fixed day of a year."""
    return _four_digit_year(f"try_strptime(trim({text}) || {sql.text('-' + day)}, '%Y-%m-%d')::DATE")


def _first(tried: list[str]) -> str:
    return tried[0] if len(tried) == 1 else f"coalesce({', '.join(tried)})"


def _precision(form: str) -> str:
    if form in EXCEL or re.search("%-?[dju]", form):
        return "day"
    return "month" if re.search("%-?[mbBV]", form) else "year"


def _special(verb: ParseDate | ParseHour, form: str) -> bool:
    """Whether DuckDB alone would not read the form as it is meant."""
    named = verb.months is not None and re.search("%-?[bB]", form)
    return bool(named or re.search("%-?[yG]|%z", form))


def _moment(forms: list[str], text: str) -> str:
    written = f"[{sql.texts(forms)}]"
    return f"coalesce(try_strptime({text}, {written}), try_strptime(trim({text}), {written}))"


def _four_digit_years(moment: str, text: str) -> str:
    """A date of four-digit years: DuckDB would read the year 24, and 'infinity' and 'epoch' as days of 1900."""
    day = f"({moment})::DATE"
    return (
        f"CASE WHEN {day} > DATE '1900-01-01' THEN {day} "
        f"WHEN {day} >= DATE '1000-01-01' AND regexp_matches({text}, '[0-9]') THEN {day} END"
    )


def _four_digit_year(day: str) -> str:
    return f"CASE WHEN {day} >= DATE '1000-01-01' THEN {day} END"


def _special_date(verb: ParseDate, form: str, text: str) -> str:
    moment = f"({_zoned(verb, form, text)})"
    day = f"{moment}::DATE"
    if "%V" in form:
        # DuckDB reads week 53 of a year that has 52 as the first of the next
        year = "".join(
            _PARTS.get(part, ".+") if part[0] == "%" else re.escape(part) for part in _DIRECTIVE.findall(form)
        )
        told = f"TRY_CAST(regexp_extract(trim({text}), {sql.text(f'^{year}$')}, 1) AS INTEGER)"
        return f"CASE WHEN isoyear({day}) = {told} THEN {_four_digit_years(moment, text)} END"
    if re.search("%-?y", form) and verb.years_from is not None:
        first = verb.years_from
        # the year's last two digits, in the hundred years that begin with the declared one
        whole = f"{first} + ((year({day}) - {first}) % 100 + 100) % 100"
        # 29 February of a year that is none becomes NULL, as any day that does not exist
        return f"TRY_CAST(format('{{:04d}}-{{:02d}}-{{:02d}}', {whole}, month({day}), day({day})) AS DATE)"
    return _four_digit_years(moment, text)


def _zoned(verb: ParseDate | ParseHour, form: str, text: str) -> str:
    """The moment of a form that DuckDB would not read as it is meant, in the declared zone or as it is written."""
    written = f"trim({text})"
    if verb.months is not None:
        written = _with_month_numbers(written, verb.months)
        form = re.sub(f"(%-?d){naming.ordinal(verb.months)}([^a-z0-9º°]|$)", r"\1\2", form)
        form = "".join(_plain_directive(part) for part in _DIRECTIVE.findall(form))
    if "%V" in form and not re.search("%-?[uaA]", form):
        # an ISO week belongs to the month and the year of its Thursday
        written, form = f"{written} || ' 4'", form + " %u"
    if "%z" not in form:
        return f"try_strptime({written}, {sql.text(form)})"
    offset = _OFFSET if verb.months is None else _OFFSET.replace("Z", "z")
    if verb.zone is None:
        # the clock on the wall counts: the distance from UTC is left out
        bare = f"regexp_replace({written}, '{offset}', '')"
        has_one = f"regexp_matches({written}, '{offset}')"
        return f"CASE WHEN {has_one} THEN try_strptime({bare}, {sql.text(form.replace('%z', ''))}) END"
    told = f"regexp_replace({written}, '[Zz]$', '+00:00')"
    return f"timezone({sql.text(verb.zone)}, try_strptime({told}, {sql.text(form)}))"


def _plain_directive(part: str) -> str:
    if re.fullmatch("%-?[bB]", part):
        return "%m"
    if part.startswith("%"):
        return part
    return naming.plain(part)


def _month_numbers(months: Months) -> dict[str, str]:
    """The number of a month by what it is called, in two digits."""
    return {name: f"{number:02}" for name, number in naming.numbers(months).items()}


def _with_month_numbers(text: str, months: Months) -> str:
    """A text in plain small letters with the number of the month in the place of its name, and a plain day."""
    numbers = _month_numbers(months)
    day = f"(^|[^0-9])([0-9]{{1,2}}){naming.ordinal(months)}([^a-z0-9º°]|$)"
    small = f"regexp_replace({plain(text)}, '{day}', '\\1\\2\\3')"
    names = "|".join(map(re.escape, sorted(numbers, key=len, reverse=True)))
    name = f"(^|[^a-z])({names})[.]?([^a-z]|$)"
    found = f"regexp_extract({small}, '{name}', 2)"
    put = f"regexp_replace({small}, '{name}', '\\1#\\3')"
    return f"replace({put}, '#', {look_up(found, numbers, 'VARCHAR')})"


def _clock(text: str, target: str) -> str:
    """An hour as people write it: 9, 09:30, 9.30 h, 21h30, 9 p. m."""
    small = plain(text)
    clock = (
        "([0-9]{1,2})(?:(?:[:.h] ?|h )[0-5][0-9](?:[:.m][0-5][0-9](?:[.][0-9]+)?)?)?"
        " ?(?:h|hs|hrs?|horas?|min)?[.]? ?([ap][.]? ?m[.]?)?"
    )
    number = f"TRY_CAST(regexp_extract({small}, '{clock}', 1) AS {target})"
    half = f"left(regexp_extract({small}, '{clock}', 2), 1)"
    plainly = "[0-9]{1,2}(:[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?)?"
    quick = f"TRY_CAST(split_part(trim({text}), ':', 1) AS {target})"
    return (
        f"CASE WHEN regexp_full_match(trim({text}), '{plainly}') THEN {quick} "
        f"WHEN NOT regexp_full_match({small}, '{clock}') OR regexp_full_match({small}, '[0-9]+[.][0-9]+') THEN NULL "
        f"WHEN {half} = '' THEN {number} WHEN {number} = 12 AND {half} = 'a' THEN 0 "
        f"WHEN {number} BETWEEN 1 AND 11 AND {half} = 'p' THEN {number} + 12 "
        f"WHEN {number} BETWEEN 1 AND 12 OR ({number} BETWEEN 13 AND 23 AND {half} = 'p') THEN {number} END"
    )


def _serial(form: str, text: str) -> str:
    number = f"TRY_CAST(split_part(replace(trim({text}), ',', '.'), '.', 1) AS INTEGER)"
    fits = f"regexp_full_match(trim({text}), '[0-9]{{1,5}}([.,][0-9]+)?')"
    first, last = (_FIRST_SERIAL, _LAST_SERIAL) if form == "excel" else (1, _LAST_SERIAL - 1462)
    return f"CASE WHEN {fits} AND {number} BETWEEN {first} AND {last} THEN {_EPOCHS[form]} + {number} END"
