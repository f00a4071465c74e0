"""The rules that records are judged by: code, scope, severity, message and what to do, in three languages.

Scope says what a rule looks at: one record (``row``, judged in the one pass), the whole delivery (``delivery``, judged
before the load) or what is loaded already (``reference``, judged with the load). Severity says what follows: the
record goes to quarantine (``row``), it is loaded and counted (``warn``), or the delivery is refused (``file``).

A rule belongs to one of three groups: the field families (one rule for each check of a field, code
``<field>.<family>``), the declared rules of one module for each subject, and those of every source (key, period).
The families follow from the fields; the others are declared in this folder. How a rule is compiled to SQL is in
``schemas.compile`` and ``schemas.compile_delivery``.
"""

from __future__ import annotations

from schemas.rules.explaining import explain, family
from schemas.rules.families import EVERY_SOURCE, FAMILIES
from schemas.rules.rule import Declared, Rule, Scope, Severity, Text, say

__all__ = [
    "EVERY_SOURCE",
    "FAMILIES",
    "Declared",
    "Rule",
    "Scope",
    "Severity",
    "Text",
    "explain",
    "family",
    "say",
]
