"""The last digit of a code that came without it, as SQL."""

from __future__ import annotations

from schemas import sql

#: Municipalities of Brazil whose seventh digit is another than that of the rule: the first six digits, and the seventh.
_OTHERWISE = {
    "220191": 9,
    "220198": 8,
    "220225": 1,
    "261153": 3,
    "311783": 6,
    "315213": 1,
    "430587": 1,
    "520393": 9,
    "520396": 2,
}


def ibge(value: str) -> str:
    """IBGE's code of a municipality, of whose seven digits the health system writes six; other texts stay as they are.

    The seventh is a check digit by Luhn's rule (every other digit counts double, of two digits their sum) for all but
    nine municipalities, whose codes were printed with another one and kept it.
    """
    fits = f"regexp_full_match({value}, '[0-9]{{6}}')"
    digits = [f"TRY_CAST(substr({value}, {place}, 1) AS INTEGER)" for place in range(1, 7)]
    doubled = [f"({d} * 2) // 10 + ({d} * 2) % 10" for d in digits[1::2]]
    by_rule = f"(10 - ({' + '.join([*digits[::2], *doubled])}) % 10) % 10"
    cases = " ".join(f"WHEN {value} = {sql.text(code)} THEN {digit}" for code, digit in _OTHERWISE.items())
    return f"CASE WHEN {fits} THEN {value} || CASE {cases} ELSE {by_rule} END ELSE {value} END"
