"""What a fetch brings: one file and where it came from, or the news that there is nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from schemas.origin import Origin

#: Gives the value of a secret by its name, or refuses with the cure.
Secrets = Callable[[str], str]


class Nothing(StrEnum):
    """Why a fetch brings no file."""

    new = "nothing_new"
    """It is as it was."""
    there = "not_there"
    """The provider has not put the period there yet."""


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched, under the name of the delivery, and where it came from."""

    path: Path
    origin: Origin


def digest(*asked: Any) -> str:
    """SHA-256 of what is asked for."""
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False, default=str).encode()).hexdigest()


def fit_for_a_name(text: str) -> str:
    """A value as a part of a file's name."""
    return re.sub(r"[^\w.+-]+", "-", text.replace(":", "")).strip("-") or "none"
