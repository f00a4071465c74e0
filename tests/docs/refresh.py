"""Write anew what the documents show of outputs and files: ``python -m tests.docs.refresh [DOCUMENT...]``.

Look at the difference before you commit it: an output that changed is a change for every reader.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.docs.documents import ROOT, blocks, documents, with_text
from tests.docs.running import Reader, follow


def refresh(document: Path, demonstration: Reader, folder: Path, demonstrated: str) -> bool:
    """Write one document anew.

    Returns:
        Whether anything else than outputs is wrong with it.
    """
    followed = follow(document, Reader.of(demonstration.folder, folder), demonstrated)
    changed = dict(followed.outputs)
    for block in blocks(document):
        if "file" in block.directives:
            changed[block.line] = (ROOT / block.directives["file"]).read_text(encoding="utf-8").rstrip("\n")
    document.write_text(with_text(document, changed), encoding="utf-8")
    failed = [p for p in followed.problems if "exit status" in p.partition("\n")[0]]
    for problem in failed:
        sys.stderr.write(f"{problem}\n")
    return bool(failed)


def main(chosen: list[str]) -> int:
    """Write the chosen documents anew, or all."""
    with tempfile.TemporaryDirectory(prefix="siprev-docs-") as name:
        demonstration = Reader(Path(name) / "demonstration")
        demonstrated = demonstration.demonstrate().output
        failed = False
        for number, document in enumerate(documents()):
            if not chosen or str(document.relative_to(ROOT)) in chosen:
                failed |= refresh(document, demonstration, Path(name) / str(number), demonstrated)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
