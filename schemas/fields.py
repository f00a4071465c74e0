"""How a field of a record type is declared: a pandera field that carries its meaning as metadata.

One declaration gives the column of the warehouse, its comment, the rules that judge it, and the text of the
dictionary. Belongs here: the kinds of field. What several record types share is in ``schemas.traits``, what only one
has in ``schemas.records``.
"""

from __future__ import annotations

from typing import Any, Literal

import pandera.polars as pa

from schemas import codelists

Tier = Literal["open", "restricted"]

#: Form of the published code of an area below the country.
AREA_FORM = r"^[A-Z]{3}-[0-9A-Z]+$"
#: Published code of a country or of an area below it.
AREA_CODE = r"^[A-Z]{3}(-[0-9A-Z]+)?$"
#: More than any public budget in any currency; cents can still be told apart.
LARGEST_AMOUNT = 1e14


def field(
    es: str,
    en: str,
    pt: str,
    *,
    unit: str = "",
    required: bool = False,
    tier: Tier = "open",
    **checks: Any,
) -> Any:
    """Declare a field; its annotation says of which type it is.

    Args:
        es: Description in Spanish.
        en: Description in English; it becomes the column's comment.
        pt: Description in Portuguese.
        unit: Unit of the value, for example ``years``; empty for codes and text.
        required: A record without a value is quarantined.
        tier: ``restricted`` fields are stored in the restricted file only.
        **checks: pandera's built-in checks by name (``ge``, ``le``, ``in_range``, ``str_matches``).
    """
    metadata = {"description": {"es": es, "en": en, "pt": pt}, "unit": unit, "tier": tier}
    return pa.Field(nullable=not required, metadata=metadata, **checks)


def coded(
    es: str,
    en: str,
    pt: str,
    *,
    codes: str,
    required: bool = False,
    recoded: bool = True,
    tier: Tier = "open",
) -> Any:
    """Declare a field whose values are the codes of a closed list.

    Args:
        es: Description in Spanish.
        en: Description in English.
        pt: Description in Portuguese.
        codes: Name of the list.
        required: A record without a value is quarantined.
        recoded: Sources have codes of their own for it: the record type gets a field ``<name>_source_code`` beside it.
        tier: ``restricted`` fields are stored in the restricted file only.
    """
    metadata = {
        "description": {"es": es, "en": en, "pt": pt},
        "unit": "",
        "tier": tier,
        "codelist": codes,
        "recoded": recoded,
    }
    return pa.Field(nullable=not required, isin=list(codelists.load(codes).codes), metadata=metadata)


def source_code(of: str) -> Any:
    """Declare the source's own code or label for a field that was recoded."""
    return field(
        f"Código o etiqueta de la fuente para {of}",
        f"The source's own code or label for {of}",
        f"Código ou rótulo da fonte para {of}",
    )


def country(role_es: str, role_en: str, role_pt: str, *, required: bool = False) -> Any:
    """Declare a country, for example ``MEX``."""
    return coded(
        f"País: {role_es}",
        f"Country: {role_en}",
        f"País: {role_pt}",
        codes="country",
        required=required,
        recoded=False,
    )


def yes_no(es: str, en: str, pt: str, *, required: bool = False) -> Any:
    """Declare what is so, is not so, or is not known."""
    return coded(es, en, pt, codes="yes_no", required=required, recoded=False)


def year(es: str, en: str, pt: str, *, required: bool = False, first: int = 1900) -> Any:
    """Declare a calendar year."""
    limits = {"min_value": first, "max_value": 2100}
    return field(es, en, pt, unit="year", required=required, in_range=limits)


def code_of_area(es: str, en: str, pt: str) -> Any:
    """Declare the published code of an area, or of a country, that the record cannot do without."""
    return field(es, en, pt, required=True, str_matches=AREA_CODE)


def degrees(es: str, en: str, pt: str, most: int, *, tier: Tier = "open") -> Any:
    """Declare a coordinate in WGS 84, at most so many degrees from zero."""
    limits = {"min_value": -most, "max_value": most}
    return field(es, en, pt, unit="degrees", tier=tier, in_range=limits)


def money(es: str, en: str, pt: str, *, required: bool = False) -> Any:
    """Declare an amount of money."""
    limits = {"min_value": 0, "max_value": LARGEST_AMOUNT}
    return field(es, en, pt, unit="currency", required=required, in_range=limits)


def currency_code(es: str, en: str, pt: str, *, required: bool = False) -> Any:
    """Declare the currency of an amount, for example ``MXN``."""
    texts = (f"{text}, ISO 4217" for text in (es, en, pt))
    return field(*texts, required=required, str_matches=r"^[A-Z]{3}$")


def age(es: str, en: str, pt: str) -> Any:
    """Declare an age in years; nobody of whom records speak is older than 110."""
    return field(es, en, pt, unit="years", in_range={"min_value": 0, "max_value": 110})


def hmac(of_es: str, of_en: str, of_pt: str) -> Any:
    """Declare the keyed hash of an identifier; it is personal data and stays in the restricted file."""
    return field(f"HMAC-SHA256 {of_es}", f"HMAC-SHA256 of {of_en}", f"HMAC-SHA256 {of_pt}", tier="restricted")


def reference(to_es: str, to_en: str, to_pt: str, *, tier: Tier = "open") -> Any:
    """Declare the number by which records are joined; it follows from the keyed hash of an identifier."""
    return field(
        f"Referencia {to_es}, sin significado fuera del almacén",
        f"Reference of {to_en}, without meaning outside the warehouse",
        f"Referência {to_pt}, sem significado fora do armazém",
        tier=tier,
    )


def key(of_es: str, of_en: str, of_pt: str, *, required: bool = False) -> Any:
    """Declare a code by which the records of several types are joined, as the source gives it."""
    return field(f"Clave {of_es}", f"Code of {of_en}", f"Código {of_pt}", required=required)
