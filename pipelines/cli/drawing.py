"""The mapping of a source drawn for a terminal, or in the language of mermaid.js."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sources.kit.discovery import Source
from sources.kit.drawing import Arrow, Drawn


def text(source: Source, layouts: Sequence[Drawn]) -> str:
    """The whole declaration in a few aligned lines; a star marks a required field."""
    lines = [*_about(source)]
    for layout in layouts:
        lines += ["", *_layout(layout)]
    return "\n".join(line.rstrip() for line in lines)


def _about(source: Source) -> Iterator[str]:
    declared, delivers = source.specification, source.specification.delivers
    yield f"{source.id}: {declared.title['en']}"
    found = [
        ("records", f"{declared.record_type}, {declared.source_type}, {declared.country}"),
        ("owner", declared.agreement.owner),
    ]
    if declared.fetch:
        found.append(("fetched", f"from {declared.fetch.place}"))
    for name in ("edition", "period"):
        where = getattr(declared, name)
        found.append(
            (name, f"from {where.source.replace('_', ' ')}: {where.pattern}" if where else "not stated")
        )
    key = declared.key
    found.append(
        (
            "key",
            f"{' + '.join(key.columns)} ({key.repeated})" if key else "none: equal rows are different events",
        )
    )
    area = " and first-level area" if delivers.slice.area else ""
    corrections = len(source.corrections.all)
    found += [("corrected", f"{corrections} values, by corrections.yml")] if corrections else []
    found += [
        (
            "slice",
            f"{delivers.slice.period}{area}; a loss of more than {delivers.drop_tolerance:.0%} stops the load",
        ),
        ("reports", f"cells {delivers.cells}, place {delivers.place_basis}, date {delivers.date_basis}"),
        ("breakdowns", ", ".join(delivers.breakdowns) or "none"),
        ("folder", str(source.folder)),
    ]
    if source.corrections.all:
        names = ", ".join(c.name for c in source.corrections.all)
        found.insert(-1, ("corrected", f"as corrections.yml says: {names}"))
    for name, value in found:
        yield f"  {name:<10}  {value}"


def _layout(layout: Drawn) -> Iterator[str]:
    yield f"Layout {layout.id}: {layout.file}"
    for table in layout.joined:
        yield f"  joined with {table}"
    for column in layout.stated:
        yield f"  stated once: {column}"
    for reason, test in layout.left_out:
        yield f"  left out as {reason}: {test}"
    if layout.unpivot:
        yield f"  {layout.unpivot}"
    if layout.earlier:
        yield f"  {layout.earlier}"
    yield ""
    rows = [(_columns(a), a.verb, f"{a.field}{' *' if a.required else ''}", a.type) for a in layout.arrows]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for columns, verb, field, kind in rows:
        yield f"  {columns:<{widths[0]}}  {verb:<{widths[1]}}  ->  {field:<{widths[2]}}  {kind}"
    yield ""
    yield from _codes(layout)
    same = [f"{name} = {value}" for name, value in layout.by_itself.items() if value]
    yield from _listed("filled alike in all", same)
    yield from _listed("filled from others", [name for name, value in layout.by_itself.items() if not value])
    for tier, names in layout.not_used.items():
        yield from _listed(f"columns not used, {tier}", names)
    yield from _listed("fields not mapped", layout.not_mapped)


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"  {what}: {', '.join(names)}"


def _codes(layout: Drawn) -> Iterator[str]:
    for found in layout.codes:
        where = ", ".join(w for w in (found.table, found.status, "by date" if found.dated else "") if w)
        spare = f", {found.unmapped} labels without a class yet" if found.unmapped else ""
        yield f"  codes of {found.field}: {found.labels} labels to {found.codes} codes ({where}){spare}"


def _columns(arrow: Arrow) -> str:
    return " + ".join(arrow.columns)


def mermaid(source: Source, layouts: Sequence[Drawn]) -> str:
    """The picture as mermaid.js draws it, for example on a page of a forge."""
    lines = ["flowchart LR"]
    for at, layout in enumerate(layouts):
        columns = list(dict.fromkeys(c for a in layout.arrows for c in a.columns))
        node = {c: f"l{at}c{i}" for i, c in enumerate(columns)}
        lines += [f"  subgraph l{at}file [{_quoted(f'{layout.id}: {layout.file}')}]"]
        lines += [f"    {node[c]}[{_quoted(c)}]" for c in columns]
        lines += ["  end", f"  subgraph l{at}record [{_quoted(source.specification.record_type)}]"]
        lines += [f"    l{at}f{i}[{_quoted(a.field)}]" for i, a in enumerate(layout.arrows)]
        lines += ["  end"]
        for i, arrow in enumerate(layout.arrows):
            lines += [f"  {node[c]} -->|{_quoted(arrow.verb)}| l{at}f{i}" for c in arrow.columns]
            if not arrow.columns:
                lines.append(f"  l{at}x{i}([{_quoted(arrow.verb)}]) --> l{at}f{i}")
    return "\n".join(lines)


def _quoted(label: str) -> str:
    return '"' + label.replace("#", "#35;").replace('"', "#quot;") + '"'
