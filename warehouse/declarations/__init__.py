"""The tables, views and macros of the warehouse, each with the description of every column.

Belongs here: what exists in the files. How it is made and kept up to date is in ``warehouse.structure``.
"""
