"""The warehouse: DuckDB files with facts, quarantine, coverage and indicator values, all with their history.

Belongs here: how data are kept, superseded, counted, copied for readers and read back. What a record is, is in
``schemas``; how a delivery is read is in ``sources``; what is computed from facts is in ``indicators``.
"""
