"""The pages of ``docs/reference`` that say what the declarations say: ``python -m docs.generate`` writes them.

Belongs here: turning declarations (command line, tables, record types, rules, code lists, indicators) into pages. What
no declaration says is written by hand in the other documents. No package of the product imports this one.
"""
