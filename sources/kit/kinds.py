"""Kinds of identifiers: the one normal form of all spellings of an identifier, and its check digit.

Belongs here: the kinds as data, and what they mean in plain Python. The same in SQL is in ``sources.kit.kinds_sql``.
This file is also the first part of the program that providers run, so that it uses nothing but the standard library
of Python 3.8.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: Letters with marks, in both cases, and the capital without a mark that stands for them.
_MARKED = (
    ("ÀÁÂÃÄÅĀĂĄàáâãäåāăą", "A"),
    ("ÇĆĈĊČçćĉċč", "C"),
    ("ĎĐďđ", "D"),
    ("ÈÉÊËĒĔĖĘĚèéêëēĕėęě", "E"),
    ("ĜĞĠĢĝğġģ", "G"),
    ("ÌÍÎÏĨĪĬĮİìíîïĩīĭįı", "I"),
    ("ĹĻĽŁĺļľł", "L"),
    ("ÑŃŅŇñńņň", "N"),
    ("ÒÓÔÕÖØŌŎŐòóôõöøōŏő", "O"),
    ("ŔŖŘŕŗř", "R"),
    ("ŚŜŞŠśŝşš", "S"),
    ("ŢŤŦţťŧ", "T"),
    ("ÙÚÛÜŨŪŬŮŰŲùúûüũūŭůűų", "U"),
    ("ÝŸýÿ", "Y"),
    ("ŹŻŽźżž", "Z"),
    ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u00ad", "-"),
    (
        "\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
    ),
)
#: What is written on its own and changes nothing: marks over letters, marks of width and direction.
DROPPED = "".join(map(chr, (*range(0x300, 0x370), *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2060, 0xFEFF)))
#: Every letter, dash and blank that is written otherwise, and beside it (same place) how it is written here.
FROM = "abcdefghijklmnopqrstuvwxyz" + "".join(letters for letters, _ in _MARKED)
TO = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "".join(plain * len(letters) for letters, plain in _MARKED)
_PLAIN = {**{ord(a): b for a, b in zip(FROM, TO)}, **{ord(a): None for a in DROPPED}}  # noqa: B905 - Python 3.8

#: The blanks of ASCII.
BLANK_CODES = (9, 10, 11, 12, 13, 32)
#: Regular expressions that Python and DuckDB read alike (ASCII alone, no look-around).
BLANKS = r"[\t\n\v\f\r ]+"
PUNCTUATION = r"[\t\n\v\f\r -/:-@\[-`{-~]+"
SEPARATORS = r"[\t\n\v\f\r ./\\_-]+"
ENDS = "^-|-$"
GROUP_ZEROS = "(^|-)0+([0-9])"
DECIMAL = r"^[\t\n\v\f\r ]*([0-9]+)[.,]0{1,2}[\t\n\v\f\r ]*$"
ZEROS = "^0+"

#: What stands where no identifier is known, in Spanish, Portuguese and English: letters alone, as they are compared.
PLACEHOLDERS = (
    *(
        "SINDATO",
        "SINDATOS",
        "SININFORMACION",
        "SINNUMERO",
        "SINDOCUMENTO",
        "SINFOLIO",
        "SINREGISTRO",
        "NOAPLICA",
    ),
    *(
        "NODISPONIBLE",
        "NOESPECIFICADO",
        "NOIDENTIFICADO",
        "NOINFORMADO",
        "NOPROPORCIONADO",
        "NOREGISTRA",
        "NOREPORTA",
    ),
    *(
        "NOTIENE",
        "NOCONSTA",
        "NOSABE",
        "SEDESCONOCE",
        "SEIGNORA",
        "DESCONOCIDO",
        "DESCONOCIDA",
        "IGNORADO",
        "IGNORADA",
    ),
    *(
        "INDOCUMENTADO",
        "INDOCUMENTADA",
        "PENDIENTE",
        "NINGUNO",
        "SEMDADO",
        "SEMDADOS",
        "SEMINFORMACAO",
        "SEMNUMERO",
    ),
    *("SEMDOCUMENTO", "SEMREGISTRO", "NAOSEAPLICA", "NAOAPLICAVEL", "NAODISPONIVEL", "NAOINFORMADO"),
    *(
        "NAOIDENTIFICADO",
        "NAOCONSTA",
        "NAOPOSSUI",
        "NAOTEM",
        "NAOSABE",
        "DESCONHECIDO",
        "DESCONHECIDA",
        "PENDENTE",
    ),
    *(
        "NENHUM",
        "INEXISTENTE",
        "NOTAPPLICABLE",
        "NOTAVAILABLE",
        "NOTKNOWN",
        "NOTPROVIDED",
        "NOTRECORDED",
        "NOTSTATED",
    ),
    *(
        "NODATA",
        "NONE",
        "NULL",
        "NIL",
        "UNKNOWN",
        "MISSING",
        "PENDING",
        "SN",
        "SD",
        "NA",
        "ND",
        "NI",
        "NC",
        "NR",
        "NN",
    ),
    "",
)
#: What is longer is none of them, whatever signs stand between their words.
LONGEST_PLACEHOLDER = 24

DIGITS = "0123456789"
#: Letters and digits as the CURP counts them; the letter Ñ, which no CURP has, keeps its place.
_CURP = "0123456789ABCDEFGHIJKLMN?OPQRSTUVWXYZ"
#: Characters as the CNPJ counts them since July 2026: their distance from the digit 0 in ASCII.
_CNPJ = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOD_10 = "0987654321"
_MOD_11 = "00987654321"


class Check(NamedTuple):
    """A check character: the remainder of a weighted sum finds it in a table.

    Attributes:
        weights: Weights of the characters from the first on.
        found: Check character for each remainder; its length is the modulus.
        fold: Whether the digits of a product are added up (Luhn).
        alphabet: The value of a character is its place here.
    """

    weights: tuple[int, ...]
    found: str
    fold: bool = False
    alphabet: str = DIGITS

    @property
    def at(self) -> int:
        """Place of the check character, from 0: it follows what is weighted."""
        return len(self.weights)


class Repeated(NamedTuple):
    """From how many times on one sign and nothing else is no identifier: zeros, other digits, other signs."""

    zeros: int
    digits: int
    others: int

    def least(self, sign: str) -> int:
        """How many times for a sign."""
        if sign == "0":
            return self.zeros
        return self.digits if sign in DIGITS else self.others


#: By what a kind strips. Files and records are numbered in turn, so that 1111 is one of them; of persons it is nobody.
REPEATED = {"ends": Repeated(3, 7, 3), "groups": Repeated(1, 7, 3), "all": Repeated(3, 4, 3)}


class Kind(NamedTuple):
    """One kind of identifier.

    Attributes:
        title: What it is called; the same in all languages where it is a country's own document.
        country: ISO 3166-1 alpha-3; empty where it is of no country.
        strip: ``ends``: blanks alone are tidied; ``groups``: the parts stay apart, whatever separates them;
            ``all``: letters and digits alone count.
        number: Whether it is a number, so that a spreadsheet may have taken zeros from it or given it decimals.
        length: A number is filled with zeros up to this length; 0: leading zeros do not count.
        least: A number that is shorter without its zeros is none: more zeros than that do not occur.
        form: Regular expression that the normal form fits as a whole; what does not is no identifier of this kind.
        checks: Its check characters.
    """

    title: str
    country: str
    strip: str
    number: bool = False
    length: int = 0
    least: int = 1
    form: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def never(self) -> tuple[str, ...]:
        """Numbers that fill a field and are nobody's: one digit all over."""
        return tuple(digit * self.length for digit in DIGITS) if self.number and self.length else ()

    @property
    def any_length(self) -> bool:
        """Whether neither length nor check characters tell an identifier from what stands in the place of one."""
        return not self.length and not self.checks


def _falling(first: int, last: int) -> tuple[int, ...]:
    return tuple(range(first, last - 1, -1))


def _number(title: str, country: str, length: int, least: int, *checks: Check, form: str = "") -> Kind:
    return Kind(title, country, "all", True, length, least, form or f"[0-9]{{{length}}}", checks)


#: All kinds by the name that ``source.yml`` uses.
KINDS: dict[str, Kind] = {
    "free": Kind("text as it is", "", "ends"),
    "folio": Kind("number of a file or case", "", "groups"),
    "document": Kind("number of any other document", "", "all"),
    "pseudonym": Kind("pseudonym made by siprev pseudonymise", "", "all", form="[0-9A-F]{64}"),
    "curp": Kind(
        "CURP",
        "MEX",
        "all",
        form="[A-Z]{4}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[HMX][A-Z]{5}[0-9A-Z][0-9]",
        checks=(Check(_falling(18, 2), _MOD_10, alphabet=_CURP),),
    ),
    "run_cl": _number(
        "RUN, RUT", "CHL", 9, 6, Check((3, 2, 7, 6, 5, 4, 3, 2), "0K987654321"), form="[0-9]{8}[0-9K]"
    ),
    "cedula_co": _number("cédula de ciudadanía, NUIP", "COL", 0, 3, form="[0-9]{3,10}"),
    "cpf_br": _number("CPF", "BRA", 11, 7, Check(_falling(10, 2), _MOD_11), Check(_falling(11, 2), _MOD_11)),
    "cnpj_br": _number(
        "CNPJ",
        "BRA",
        14,
        3,
        Check((5, 4, 3, 2, *_falling(9, 2)), _MOD_11, alphabet=_CNPJ),
        Check((6, 5, 4, 3, 2, *_falling(9, 2)), _MOD_11, alphabet=_CNPJ),
        form="[0-9A-Z]{12}[0-9]{2}",
    ),
    "cns_br": _number(
        "Cartão Nacional de Saúde",
        "BRA",
        15,
        15,
        Check(_falling(15, 2), "0?987654321"),
        form="[12789][0-9]{14}",
    ),
    "rg": _number("RG", "BRA", 0, 4, form="[0-9A-Z]{4,14}"),
    "dui_sv": _number("DUI", "SLV", 9, 5, Check(_falling(9, 2), _MOD_10)),
    "dpi_gt": _number("DPI, CUI", "GTM", 13, 11, Check(tuple(range(2, 10)), DIGITS + "?")),
    "dni_ar": _number("DNI", "ARG", 0, 6, form="[0-9]{6,8}"),
    "cuil_ar": _number("CUIL, CUIT", "ARG", 11, 11, Check((5, 4, 3, 2, *_falling(7, 2)), "09987654321")),
    "ci_uy": _number("cédula de identidad", "URY", 8, 6, Check((2, 9, 8, 7, 6, 3, 4), _MOD_10)),
    "cedula_ec": _number(
        "cédula de identidad", "ECU", 10, 9, Check((2, 1, 2, 1, 2, 1, 2, 1, 2), _MOD_10, fold=True)
    ),
    "cedula_do": _number(
        "cédula de identidad", "DOM", 11, 8, Check((1, 2, 1, 2, 1, 2, 1, 2, 1, 2), _MOD_10, fold=True)
    ),
    "dni_pe": _number("DNI", "PER", 8, 5),
    "dni_hn": _number("DNI", "HND", 13, 12),
    "cedula_cr": _number("cédula de identidad", "CRI", 0, 9, form="[1-9][0-9]{8}"),
}


def normal(kind: str, text: str | None) -> str | None:
    """The normal form of an identifier; None where nothing is given, or nothing that can be of this kind."""
    declared = KINDS[kind]
    found = (text or "").translate(_PLAIN)
    if declared.strip == "ends":
        found = re.sub(BLANKS, " ", found).strip(" ")
    elif declared.strip == "groups":
        found = re.sub(ENDS, "", re.sub(SEPARATORS, "-", found))
        found = re.sub(GROUP_ZEROS, r"\1\2", found)
    else:
        if declared.number:
            found = re.sub(DECIMAL, r"\1", found)
        found = re.sub(PUNCTUATION, "", found)
        if declared.number:
            found = re.sub(ZEROS, "", found)
            found = found.rjust(declared.length, "0") if len(found) >= declared.least else ""
    if not found or found in declared.never or (declared.form and not re.fullmatch(declared.form, found)):
        return None
    return None if declared.any_length and is_placeholder(declared.strip, found) else found


def is_placeholder(strip: str, form: str) -> bool:
    """Whether a normal form stands in the place of an identifier: words for unknown, or one sign over and over.

    Args:
        strip: What its kind strips.
        form: The normal form, not empty.
    """
    if len(form) <= LONGEST_PLACEHOLDER and re.sub(PUNCTUATION, "", form) in PLACEHOLDERS:
        return True
    signs = form.replace("-", "") if strip == "groups" else form
    return len(signs) >= REPEATED[strip].least(signs[0]) and signs == signs[0] * len(signs)


def valid(kind: str, text: str) -> bool:
    """Whether the check characters of a normal form are right; true for kinds that have none."""
    return all(_fits(check, text) for check in KINDS[kind].checks)


def _fits(check: Check, text: str) -> bool:
    total = 0
    for weight, character in zip(check.weights, text):  # noqa: B905 - Python 3.8
        product = weight * check.alphabet.index(character)
        total += product - 9 if check.fold and product > 9 else product
    return check.found[total % len(check.found)] == text[check.at]
