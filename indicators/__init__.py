"""Indicators: what is measured (the catalogue) and how a value comes from facts.

Belongs here: definitions, methods, the aggregation of facts into cells, coverage, and the explanation of a value.
Does not belong here: reading files, storing facts, publishing.
"""
