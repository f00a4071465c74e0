"""The language in which a country's institutions are written to, of the three that the product speaks."""

from __future__ import annotations

from schemas.templates.words import Language

#: Countries whose institutions write Portuguese or, rather than Spanish, read English.
_PORTUGUESE = frozenset({"AGO", "BRA", "CPV", "GNB", "MOZ", "PRT", "STP", "TLS", "XBB"})
_ENGLISH = frozenset(
    {
        "AIA", "ATG", "AUS", "BHS", "BLZ", "BMU", "BRB", "CAN", "CYM", "DMA", "GBR", "GHA", "GRD", "GUY", "IND", "IRL",
        "JAM", "KEN", "KNA", "LCA", "MSR", "NGA", "NZL", "SUR", "TCA", "TTO", "USA", "VCT", "VGB", "VIR", "XCC", "ZAF",
    }
)  # fmt: skip


def of_country(country: str) -> Language:
    """The language for a country's code; Spanish where nothing else is known."""
    return "pt" if country in _PORTUGUESE else "en" if country in _ENGLISH else "es"
