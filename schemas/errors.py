"""The two ways in which work ends early, told to a person: what, where, how to mend.

Anything else that goes wrong is a defect of ours and keeps its traceback.
"""

from __future__ import annotations


class Told(Exception):
    """A message for a person, in three parts.

    Args:
        what: What is wrong, in one sentence.
        where: File, line, column or command.
        how: What to do about it.
        code: Stable name of the problem, for records and tests.
    """

    exit_status = 1

    def __init__(self, what: str, *, where: str = "", how: str = "", code: str = "") -> None:
        self.what = what
        self.where = where
        self.how = how
        self.code = code or "unnamed"
        super().__init__(self.text())

    def text(self) -> str:
        """The message on up to three lines."""
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.how:
            lines.append(f"  mend:  {self.how}")
        return "\n".join(lines)


class Refusal(Told):
    """The data stopped the work (exit status 1): a file that cannot be taken in as it is."""

    exit_status = 1


class Misuse(Told):
    """Wrong use or configuration (exit status 2): an unknown name, a missing path, a bad declaration."""

    exit_status = 2
