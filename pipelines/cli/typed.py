"""How a person types a command of this program here: a hint that is copied must work."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from pipelines import settings as settings_module
from pipelines.settings import Settings

NAME = "siprev"


def command(settings: Settings, *words: str) -> str:
    """A command as it can be typed in the folder and environment of now, on the same home folder.

    Args:
        settings: Those of the running command; what of them the environment does not say is given as options.
        words: The command and what follows it.
    """
    environment = settings_module.read()
    options = [] if settings.home == environment.home else ["--home", str(settings.home)]
    for directory in settings.sources[len(environment.sources) :]:
        options += ["--sources", str(directory)]
    return shlex.join([_program(), *options, *words])


def _program() -> str:
    """The program as it was called: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    found = shutil.which(NAME)
    # what is not called by its name is a test, or Python that was told to import it
    if called.name != NAME or (found and called.exists() and called.samefile(found)):
        return NAME
    path, here = called.absolute(), Path.cwd()
    if path.parent == here:
        return f"./{NAME}"
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
