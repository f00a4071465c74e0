"""Runs ``../shared/peers/run.py`` where not all the packages whose versions it notes are installed.

python peers_run.py FOLDER_OF_THE_PEERS ARGUMENTS...
"""

import importlib.metadata
import runpy
import sys
from pathlib import Path

installed = importlib.metadata.version


def version(distribution_name: str) -> str:
    try:
        return installed(distribution_name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    script = Path(sys.argv[1]) / "run.py"
    importlib.metadata.version = version
    sys.path.insert(0, str(script.parent))
    sys.argv = [str(script), *sys.argv[2:]]
    runpy.run_path(str(script), run_name="__main__")
