"""What a provider is told about a file: one report, written as a page, a workbook and a document.

``collecting`` makes the report out of a staged delivery, ``refusals`` out of a refusal; ``page``, ``book`` and
``document`` write it. It speaks the provider's language and names the provider's own columns, and holds no value of a
column that is declared identifier or restricted.
"""
