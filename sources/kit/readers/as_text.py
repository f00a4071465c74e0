"""Values as text, the way a person reads them: no .0 behind a whole number, dates as YYYY-MM-DD, no local signs.

So the mapping sees the same text in whichever format a file was saved. Of SQL types here; of the cells of a workbook
in Python, beside its reader.
"""

from __future__ import annotations

#: From here on not every whole number is a DOUBLE.
_EXACT = 2**53


def is_instant(sql_type: str) -> bool:
    """Whether values are instants: which day they are depends on the zone in which one looks at the clock."""
    return sql_type == "TIMESTAMP WITH TIME ZONE"


def text_of(sql_type: str, value: str) -> str:
    """SQL for a value as text; NULL stays NULL, and what is no number (NaN) becomes it.

    Args:
        sql_type: DuckDB's type of the value.
        value: SQL for it.
    """
    plain = f"({value})::VARCHAR"
    if sql_type.endswith(("]", ")")) and not sql_type.startswith(("DECIMAL", "ENUM")):
        return f"to_json({value})::VARCHAR"
    if sql_type.startswith("DECIMAL"):
        return f"regexp_replace({plain}, '[.]0+$', '')"
    if sql_type in ("FLOAT", "DOUBLE"):
        whole = f"{value} = trunc({value}) AND abs({value}) <= {_EXACT}"
        return f"CASE WHEN {whole} THEN {value}::BIGINT::VARCHAR WHEN NOT isnan({value}) THEN {plain} END"
    if sql_type.startswith("TIMESTAMP"):
        if is_instant(sql_type):
            # in UTC and saying so: no day is read from it without the zone in which it counts, nor by the machine's
            return f"make_timestamp(epoch_us({value}))::VARCHAR || '+00:00'"
        moment = f"({value})::TIMESTAMP"
        day = f"({moment})::DATE"
        return f"CASE WHEN {moment} = {day} THEN {day}::VARCHAR ELSE ({moment})::VARCHAR END"
    if sql_type == "BLOB":
        return f"coalesce(TRY(decode({value})), hex({value}))"
    return plain
