"""How a field of a record type is declared: a pandera field that carries its meaning as metadata.

One declaration gives the column of the warehouse, its comment, the rules that judge it, and the text of the
dictionary. Belongs here: what every record type shares. A record type's own fields are in ``schemas.records``.
"""

from __future__ import annotations

from typing import Any, Literal

import pandera.polars as pa

from schemas import codelists

Tier = Literal["open", "restricted"]


def field(
    es: str,
    en: str,
    pt: str,
    *,
    sql: str,
    unit: str = "",
    required: bool = False,
    tier: Tier = "open",
    **checks: Any,
) -> Any:
    """Declare a field.

    Args:
        es: Description in Spanish.
        en: Description in English; it becomes the column's comment.
        pt: Description in Portuguese.
        sql: DuckDB type.
        unit: Unit of the value, for example ``years``; empty for codes and text.
        required: A record without a value is quarantined.
        tier: ``restricted`` fields are stored in the restricted file only.
        **checks: pandera's built-in checks by name (``ge``, ``le``, ``in_range``, ``str_matches``).
    """
    metadata = {"description": {"es": es, "en": en, "pt": pt}, "sql": sql, "unit": unit, "tier": tier}
    return pa.Field(nullable=not required, metadata=metadata, **checks)


def coded(es: str, en: str, pt: str, *, codes: str, required: bool = False) -> Any:
    """Declare a field whose values are the codes of a closed list."""
    metadata = {
        "description": {"es": es, "en": en, "pt": pt},
        "sql": f"ENUM:{codes}",
        "unit": "",
        "tier": "open",
        "codelist": codes,
    }
    return pa.Field(nullable=not required, isin=list(codelists.load(codes).codes), metadata=metadata)


def source_code(of: str) -> Any:
    """Declare the source's own code or label for a field that was recoded."""
    return field(
        f"Código o etiqueta de la fuente para {of}",
        f"The source's own code or label for {of}",
        f"Código ou rótulo da fonte para {of}",
        sql="VARCHAR",
    )


def first_level(role_es: str, role_en: str, role_pt: str, *, required: bool = False) -> Any:
    """Declare the first-level area of a place, for example ``MEX-11``."""
    return field(
        f"Área de primer nivel {role_es}",
        f"First-level area {role_en}",
        f"Área de primeiro nível {role_pt}",
        sql="VARCHAR",
        required=required,
        str_matches=r"^[A-Z]{3}-[0-9A-Z]+$",
    )


def municipality(role_es: str, role_en: str, role_pt: str) -> Any:
    """Declare the municipality of a place, for example ``MEX-11001``."""
    return field(
        f"Municipio {role_es}",
        f"Municipality {role_en}",
        f"Município {role_pt}",
        sql="VARCHAR",
        str_matches=r"^[A-Z]{3}-[0-9A-Z]+$",
    )


def hmac(of_es: str, of_en: str, of_pt: str) -> Any:
    """Declare the keyed hash of an identifier; it is personal data and stays in the restricted file."""
    return field(
        f"HMAC-SHA256 de {of_es}",
        f"HMAC-SHA256 of {of_en}",
        f"HMAC-SHA256 de {of_pt}",
        sql="BLOB",
        tier="restricted",
    )


def boundary_version() -> Any:
    """Declare the version of the territorial division in which the record's areas are coded."""
    return field(
        "Versión de la división territorial de los códigos de área",
        "Version of the territorial division of the area codes",
        "Versão da divisão territorial dos códigos de área",
        sql="VARCHAR",
    )
