"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class Language(StrEnum):
    """The languages of the product."""

    es = "es"
    en = "en"
    pt = "pt"
