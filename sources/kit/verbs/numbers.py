"""Numbers as SQL, with the signs of the country that wrote them."""

from __future__ import annotations

from sources.kit.raw_text import SPACES
from sources.kit.words import ParseNumber

#: Signs that are written for a minus.
_MINUS = "[-\\x{2212}\\x{2010}\\x{2011}\\x{2013}]"


def whole(text: str, target: str) -> str:
    """A whole number; a cast alone would round 1.5 and read 1e3, 1_000, 0x1F and 0b11."""
    return f"CASE WHEN regexp_matches({text}, '[._eExXbB]') THEN NULL ELSE TRY_CAST({text} AS {target}) END"


def parsed(verb: ParseNumber, text: str, target: str) -> str:
    """A number; NULL for what has not exactly the declared form."""
    local = verb.thousands or verb.minus == "end" or verb.percent or verb.times > 1
    if verb.parse == "integer" and not local and verb.decimal is None:
        return whole(text, target)
    if verb.parse == "decimal" and not local and verb.decimal_sign == ".":
        return _plain_decimal(text, target)
    return _local(verb, text, target)


def _plain_decimal(text: str, target: str) -> str:
    number = f"TRY_CAST({text} AS {target})"
    odd = f"contains({text}, '_') OR contains({text}, ',')"
    finite = f"isfinite({number})" if target == "DOUBLE" else f"{number} IS NOT NULL"
    return f"CASE WHEN NOT ({odd}) AND {finite} THEN {number} END"


def _local(verb: ParseNumber, text: str, target: str) -> str:
    """A number of which every sign is declared: no other text fits the pattern, so that nothing is guessed."""
    bare = f"trim({text})"
    digits = "[0-9]+"
    group = {None: "", " ": f"[{SPACES}]", "'": "['\\x{2019}]"}.get(verb.thousands, f"[{verb.thousands}]")
    if group:
        digits = f"(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)"
    decimals = ""
    if verb.decimal_sign:
        after = "[0-9]{1,9}" if verb.times > 1 else "0+" if verb.parse == "integer" else "[0-9]+"
        decimals = f"(?:[{verb.decimal_sign}]{after})?"
    number = f"{digits}{decimals}"
    signed = f"[+]?{number}|{_MINUS} ?{number}" + (f"|{number} ?{_MINUS}" if verb.minus == "end" else "")
    ending = f"(?:[{SPACES}]*%)?" if verb.percent else ""
    fits = f"regexp_full_match({bare}, {_quoted(f'(?:{signed}){ending}')})"
    kept = "[^0-9" + (verb.decimal_sign or "") + "]"
    plain = f"regexp_replace({bare}, {_quoted(kept)}, '', 'g')"
    if verb.decimal_sign == ",":
        plain = f"replace({plain}, ',', '.')"
    if verb.parse == "integer" and verb.times == 1:
        plain = f"split_part({plain}, '.', 1)"
    sign = f"CASE WHEN regexp_matches({bare}, {_quoted(_MINUS)}) THEN '-' ELSE '' END"
    value = f"TRY_CAST({sign} || {plain} AS {target})"
    if verb.times > 1:
        value = _multiplied(verb, f"{sign} || {plain}", target)
    if target == "DOUBLE":
        fits = f"{fits} AND isfinite({value})"
    if verb.percent == "share":
        value = f"{value} / 100"
    return f"CASE WHEN {fits} THEN {value} END"


def _multiplied(verb: ParseNumber, number: str, target: str) -> str:
    """A number counted in thousands or the like, by decimals: 7340.96 thousands are 7340960 and nothing near it."""
    value = f"(TRY_CAST({number} AS DECIMAL(28, 9)) * {verb.times})"
    if verb.parse == "decimal":
        return f"TRY_CAST({value} AS {target})"
    return f"CASE WHEN {value} = floor({value}) THEN TRY_CAST({value} AS {target}) END"


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"
