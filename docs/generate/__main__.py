"""Write every generated page; ``--check`` only says which are stale, with exit status 1 if any is."""

from __future__ import annotations

import sys

from docs.generate.pages import REFERENCE, generated, stale


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m docs.generate [--check]\n")
        return 2
    wanted = generated()
    old = stale(wanted)
    if arguments == ["--check"]:
        for name in old:
            sys.stderr.write(f"stale: docs/reference/{name}\n")
        return int(bool(old))
    for name in old:
        path = REFERENCE / name
        if name not in wanted:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[name], encoding="utf-8")
    sys.stdout.write(f"{len(wanted)} pages, {len(old)} of them written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
