"""The report for a provider, written as files: a page, a workbook and a JSON document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from schemas.errors import Misuse
from sources.kit.feedback import book, document, page
from sources.kit.feedback.report import Report

#: What each ending of a name stands for.
FORMS: Mapping[str, Callable[[Report], bytes]] = {
    ".html": lambda report: page.rendered(report).encode(),
    ".xlsx": book.rendered,
    ".json": lambda report: document.rendered(report).encode(),
}


def write(report: Report, target: Path) -> list[Path]:
    """Write a report into a folder, in all forms, or into one file in the form that its ending says.

    Raises:
        Misuse: The ending stands for no form, or the place cannot be written to.
    """
    ending = target.suffix.lower()
    if ending and ending not in FORMS and not target.is_dir():
        raise Misuse(
            f"a report cannot be written as {ending}",
            where=str(target),
            how=f"name a folder, or a file that ends in {', '.join(FORMS)}",
            code="no_form",
        )
    whole = target.is_dir() or not ending
    stem = f"{report.source}__{Path(report.file).stem}"
    paths = {target / f"{stem}{form}": form for form in FORMS} if whole else {target: ending}
    try:
        next(iter(paths)).parent.mkdir(parents=True, exist_ok=True)
        for path, form in paths.items():
            path.write_bytes(FORMS[form](report))
    except OSError as error:
        raise Misuse(
            f"the report cannot be written: {error.strerror}",
            where=str(target),
            how="name another folder or file",
            code="no_output",
        ) from error
    return list(paths)
