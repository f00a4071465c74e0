"""A layout's mapping as one SQL query over the raw rows.

The query has levels, so that nothing is computed twice: raw rows that make records, with the hashes of identifiers
(``rows``, ``key``); the typed fields (``fields``); and what is judged over them (``judging``). ``compiler`` puts
them together.
"""
