"""What a reader has to know about the machine to judge the figures."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("siprev", "duckdb", "pandas", "pandera", "polars", "pyarrow")


def facts() -> dict[str, Any]:
    """Processor, memory, system and versions; no host name and no path."""
    return {
        "processor": _first(Path("/proc/cpuinfo"), r"model name\s*: (.+)") or platform.machine(),
        "cpus": os.cpu_count(),
        "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _first(path: Path, pattern: str) -> str:
    try:
        found = re.search(pattern, path.read_text(encoding="utf-8"))
    except OSError:
        return ""
    return found[1].strip() if found else ""


def _memory() -> int | None:
    kilobytes = _first(Path("/proc/meminfo"), r"MemTotal:\s+(\d+)")
    return round(int(kilobytes) / 1024**2) if kilobytes else None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
