"""Cross-field checks for pandera, so that a declared rule can be held against its compiled SQL.

Each has a name and statistics, which is what the compiler reads; ``schemas.compile.CONDITIONS`` holds the SQL of
the same name.
"""

from __future__ import annotations

import polars as pl
from pandera import extensions
from pandera.api.polars.types import PolarsData


@extensions.register_check_method(statistics=["earlier", "later"])  # type: ignore[untyped-decorator]
def not_before(data: PolarsData, *, earlier: str, later: str) -> pl.LazyFrame:
    """``later`` is not before ``earlier``, where both are known."""
    return data.lazyframe.select((pl.col(later) >= pl.col(earlier)).fill_null(True))


@extensions.register_check_method(statistics=["field", "prefixes"])  # type: ignore[untyped-decorator]
def not_starting_with(data: PolarsData, *, field: str, prefixes: list[str]) -> pl.LazyFrame:
    """No value of ``field`` starts with one of the prefixes."""
    starts = pl.any_horizontal([pl.col(field).str.starts_with(p) for p in prefixes])
    return data.lazyframe.select((~starts).fill_null(True))
