"""The report as a page for a browser: one file, without anything from elsewhere, for a phone, a screen and paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from schemas.templates.words import Language
from sources.kit.feedback.report import Position, Problem, Report
from sources.kit.feedback.words import number, percent, word

_STYLE = """
:root{--ink:#1d2733;--soft:#5b6773;--line:#d8dee4;--back:#f6f8fa;--good:#1a7f4b;--part:#9a6700;--bad:#b3261e}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
color:var(--ink);background:#fff}
main{max-width:62rem;margin:0 auto;padding:1.25rem 1rem 3rem}
h1{font-size:1.55rem;line-height:1.25;margin:.2rem 0 .1rem}
h2{font-size:1.2rem;margin:2rem 0 .6rem;padding-top:.4rem;border-top:2px solid var(--line)}
h3{font-size:1.02rem;margin:0 0 .35rem}
p{margin:.35rem 0}
.soft{color:var(--soft)}
.verdict{border-left:6px solid var(--good);background:var(--back);padding:.8rem 1rem;margin:1rem 0;font-weight:600}
.accepted_in_part{border-color:var(--part)}
.nothing_accepted,.refused{border-color:var(--bad)}
.problem{border:1px solid var(--line);border-left:5px solid var(--bad);border-radius:4px;padding:.8rem 1rem;
margin:.8rem 0;
break-inside:avoid}
.problem.warning{border-left-color:var(--part)}
.id{font:.8rem/1.4 ui-monospace,Menlo,Consolas,monospace;color:var(--soft);overflow-wrap:anywhere}
.mend{background:var(--back);padding:.45rem .7rem;margin:.5rem 0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;margin:.4rem 0}
caption{text-align:left;font-weight:600;padding:.2rem 0}
th,td{text-align:left;vertical-align:top;padding:.28rem .6rem .28rem 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:anywhere}
td.n,th.n{text-align:right;padding-right:1rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.columns span{display:inline-block;border:1px solid var(--line);border-radius:3px;padding:0 .4rem;
margin:0 .25rem .25rem 0}
@media (max-width:40rem){body{font-size:15px}table.facts th,table.facts td{display:block;border:0;padding:0}
table.facts td{padding-bottom:.45rem}h1{font-size:1.3rem}}
@media print{body{font-size:10.5pt}main{max-width:none;padding:0}.problem,.verdict{break-inside:avoid}
h2{break-after:avoid}.scroll{overflow:visible}}
"""


def rendered(report: Report) -> str:
    """The page as HTML."""
    title = f"{word('heading', report.language)}: {report.file}"
    parts = [*_head(report), *_refused(report), *_facts(report)]
    errors = [p for p in report.problems if p.severity != "warning"]
    warnings = [p for p in report.problems if p.severity == "warning"]
    parts += [_h2(word("errors", report.language))] if errors or not report.refused else []
    parts += [_problem(report, p) for p in errors]
    if not errors and not report.refused:
        parts.append(f"<p>{escape(word('no_errors', report.language))}</p>")
    if warnings:
        parts += [_h2(word("warnings", report.language)), *(_problem(report, p) for p in warnings)]
    parts.append(f'<p class="soft">{escape(word("note", report.language))}</p>')
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{report.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        "</body>\n</html>\n"
    )


def _h2(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _head(report: Report) -> Iterable[str]:
    language = report.language
    yield f'<p class="soft">{escape(word("heading", language))}</p>'
    yield f"<h1>{escape(report.file)}</h1>"
    yield f'<p class="soft">{escape(report.title)}</p>'
    bad = number(report.rows.quarantined + report.rows.unreadable, language)
    said = word(
        report.outcome, language, bad=bad, all=number(report.rows.records + report.rows.unreadable, language)
    )
    yield f'<p class="verdict {report.outcome}">{escape(said)}</p>'


def _refused(report: Report) -> Iterable[str]:
    found = report.refused
    if found is None:
        return
    language = report.language
    rows = [(word("why", language), found.what), (word("where", language), found.where)]
    rows += [(word("missing", language), ", ".join(found.missing))] if found.missing else []
    rows += [(word("added", language), ", ".join(found.added))] if found.added else []
    rows.append((word("how", language), found.mend))
    yield '<section class="problem">'
    yield _facts_table(rows)
    yield f'<p class="id">{escape(report.source)}:{escape(found.code)}</p>'
    yield "</section>"


def _facts(report: Report) -> Iterable[str]:
    yield _h2(word("summary", report.language))
    yield _facts_table(facts(report))


def facts(report: Report) -> list[tuple[str, str]]:
    """What there is to say of a file besides its problems: name and value, as text."""
    language, rows = report.language, report.rows
    found = [
        (word("provider", language), report.provider),
        (word("source", language), report.source),
        (word("edition", language), report.edition),
        (word("period", language), " – ".join(report.period)),
    ]
    if not report.refused:
        found += [
            (word("delivered", language), number(rows.delivered, language)),
            (word("unreadable", language), number(rows.unreadable, language)),
            *(
                (word("left_out", language, reason=reason), number(n, language))
                for reason, n in rows.left_out.items()
            ),
            (word("made", language), number(rows.records, language)),
            (word("good", language), number(rows.good, language)),
            (word("quarantined", language), number(rows.quarantined, language)),
            (word("excluded", language), number(rows.excluded, language)),
            (word("equal", language), number(rows.equal, language)),
        ]
    for total in report.totals:
        said = word(
            "stated", language, stated=number(total.stated, language), found=number(total.found, language)
        )
        found.append((word("total", language, name=total.name), said))
    found.append((word("hash", language), report.sha256))
    return [(name, value) for name, value in found if value]


def _facts_table(rows: Sequence[tuple[str, str]]) -> str:
    lines = "\n".join(f'<tr><th scope="row">{escape(n)}</th><td>{escape(v)}</td></tr>' for n, v in rows)
    return f'<table class="facts">\n{lines}\n</table>'


def _problem(report: Report, problem: Problem) -> str:
    language = report.language
    effect = word(problem.severity, language)
    counted = ""
    if problem.records:
        shared = f"{number(problem.records, language)} ({percent(problem.share, language)})"
        counted = f"{word('records', language)}: {shared} · "
    columns = "".join(f"<span>{escape(name)}</span>" for name in problem.columns)
    parts = [
        f'<section class="problem {problem.severity}">',
        f"<h3>{escape(problem.message)}</h3>",
        f"<p>{escape(counted + effect)}</p>",
        f'<p class="columns">{columns or escape(word("whole_file", language))}</p>',
        f'<p class="mend"><strong>{escape(word("how", language))}:</strong> {escape(problem.mend)}</p>',
    ]
    if problem.codes:
        head = (word("code", language), word("records", language))
        rows = [(code.value, number(code.records, language)) for code in problem.codes]
        parts.append(_table(word("codes", language), head, rows, numeric=1))
    if problem.positions:
        parts.append(_positions(problem, word("first", language), report))
    return "\n".join([*parts, f'<p class="id">{escape(problem.id)}</p>', "</section>"])


def _positions(problem: Problem, caption: str, report: Report) -> str:
    language = report.language
    with_values = any(position.columns for position in problem.positions)
    head = [word(problem.positions[0].place, language).capitalize()]
    head += [word("column", language), word("value", language)] if with_values else []
    rows = []
    for position in problem.positions:
        cells = [f"{position.sheet}, {position.number}" if position.sheet else str(position.number)]
        if with_values:
            cells += [", ".join(position.columns), said(position, language)]
        rows.append(cells)
    return _table(caption, head, rows)


def said(position: Position, language: Language) -> str:
    """What stands at a position: values of open columns, and of others that they are not shown."""
    hidden = word("hidden", language)
    # what only warns is kept without its values
    if not position.values and position.columns:
        return hidden
    shown = [position.values[c] or "—" if c in position.values else hidden for c in position.columns]
    return ", ".join(shown if len(set(shown)) > 1 else shown[:1])


def _table(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], numeric: int | None = None
) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        marks = [' class="n"' if i == numeric else "" for i in range(len(row))]
        return "".join(f"<{tag}{mark}>{escape(cell)}</{tag}>" for mark, cell in zip(marks, row, strict=True))

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{cells("th", head)}</tr>'
        f"</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
    )
