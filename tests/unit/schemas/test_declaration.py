"""A declaration is read strictly, and every complaint has file, line and cure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from schemas import declaration
from schemas.declaration import Declared
from schemas.errors import Misuse


class Step(Declared):
    kind: Literal["step"]
    codes: dict[str, str] = {}


class Other(Declared):
    kind: Literal["other"]
    name: str


class Plan(Declared):
    title: str
    steps: list[Annotated[Step | Other, Field(discriminator="kind")]] = []
    step: Annotated[Step | Other, Field(discriminator="kind")] | None = None
    since: dt.date | None = None
    size: int = 1
    mode: Literal["a", "b"] = "a"


def load(folder: Path, text: str | bytes) -> Plan:
    path = folder / "plan.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return declaration.load(path, Plan)


def refused(folder: Path, text: str | bytes) -> Misuse:
    with pytest.raises(Misuse) as misuse:
        load(folder, text)
    assert misuse.value.exit_status == 2
    assert misuse.value.where.startswith(str(folder / "plan.yml"))
    assert misuse.value.how
    return misuse.value


def line(error: Misuse) -> int:
    return int(error.where.rpartition(":")[2])


def test_a_declaration_is_read(tmp_path: Path) -> None:
    made = load(
        tmp_path,
        "title: Año\nsince: 2024-02-29\nsteps:\n- {kind: step, codes: {x: 'y'}}\n- kind: other\n  name: n\n",
    )
    assert (made.title, made.since, made.steps[0]) == (
        "Año",
        dt.date(2024, 2, 29),
        Step(kind="step", codes={"x": "y"}),
    )
    with pytest.raises(ValueError, match="frozen"):
        made.title = "x"


@pytest.mark.parametrize(
    ("text", "at", "says", "cure"),
    [
        (
            "title: x\ncolour: red\n",
            2,
            "colour: unknown key 'colour'",
            "remove the key, or use one of: title,",
        ),
        ("size: 2\n", 1, "the declaration: the key 'title' is missing", 'add "title: ..."'),
        ("title: x\n\n# note\nmode: c\n", 4, "mode: 'c' is no possible value", "use one of: a, b"),
        ("title: 2024\n", 1, "title: 2024 has no quotes, and YAML reads it as the number 2024", '"2024"'),
        ("title: 0101\n", 1, "title: 0101 has no quotes, and YAML reads it as the number 65", '"0101"'),
        ("title: 2024-01-01\n", 1, "YAML reads it as a date", '"2024-01-01"'),
        ("title: no\n", 1, "YAML reads it as a truth value", 'write it in quotes: "no"'),
        ("title: 1.50\n", 1, "YAML reads it as a number", '"1.50"'),
        ("title:\n", 1, "title: it has no value", "write a value after the colon"),
        ("title: [x]\n", 1, "title: a text is expected here", "not a list"),
        ("title: x\nsize: many\n", 2, "size: 'many' is no whole number", "without quotes"),
        (
            "title: x\nsteps:\n- kind: step\n- kind: other\n",
            4,
            "steps[2]: the key 'name' is missing",
            'add "name: ..."',
        ),
        (
            "title: x\nsteps:\n- kind: step\n  codes:\n    a: b\n    c: 01\n",
            6,
            "steps[1].codes.c: 01 has no quotes",
            '"01"',
        ),
        ("title: x\nstep:\n  kind: step\n  code: 1\n", 4, "step.code: unknown key", "did you mean 'codes'?"),
        ("title: x\nsteps: {}\n", 2, "steps: a list is expected", "[A, B]"),
        ("title: x\nsteps: [a]\n", 2, "steps[1]: ", "kind"),
        (
            "- title\n",
            1,
            "the declaration: keys with values are expected",
            "no dash before it; the first keys are title",
        ),
        ("title: x\nsince: 31/12/2024\n", 2, "since: '31/12/2024' is no date", "without quotes: 2024-12-31"),
    ],
)
def test_what_does_not_fit(tmp_path: Path, text: str, at: int, says: str, cure: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == "declaration_invalid"
    assert line(error) == at
    assert says in error.what
    assert cure in error.how


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("title: x\ntitle: y\n", 2, "'title' is given twice, first in line 1"),
        ("title: x\nsteps:\n- kind: step\n  codes:\n    a: b\n    a: c\n", 6, "'a' is given twice"),
        ("title: x\nsize: 1\n mode: a\n", 3, "indented more than the line above"),
        ("title: x: y\n", 1, "a text holds a colon and has no quotes"),
        ("title: 'x\nsize: 1\n", 1, "a quote is opened and never closed"),
        ("title: x\n\tsize: 1\n", 2, "the line begins with a tab"),
        ("title: x\nsteps: [a, b\nsize: 1\n", 3, "a bracket is not closed"),
        ("title: x\nsize\nmode: a\n", 3, "no key with a value"),
        ('title: "\\d"\n', 1, "a backslash stands in double quotes"),
        ("title: *x\n", 1, "a text begins with *"),
        ("title: @x\n", 1, "a character that has a meaning in YAML"),
        ("steps:\n  - kind: step\n x\n", 3, "does not fit"),
        ("title: {{name}}\n", 1, "no valid YAML"),
        ("title: x\n? [a, b]\n: c\n", 2, "a key is no plain text"),
        ("title: x\nsince: 2024-02-30\n", 2, "no valid YAML"),
        ("title: x\nsize: &a [*b]\n", 2, "no valid YAML"),
        ("title: x\nsize: !!python/object:os.system 1\n", 2, "no valid YAML"),
        ("title: x\nmode: a\x07\n", 2, "a character that YAML does not allow"),
        ("title: x\n---\ntitle: y\n", 2, "no valid YAML"),
    ],
)
def test_what_is_no_yaml(tmp_path: Path, text: str, at: int, says: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == "declaration_malformed"
    assert line(error) == at
    assert says in error.what


@pytest.mark.parametrize(
    "text",
    [
        "title: x\nmode: \u201ca\u201d\n",
        "title: x\nsteps: [a, \u201ca\u201d]\n",
        "title: x\n\u2018size\u2019: 1\n",
    ],
)
def test_curly_quotes_are_no_quotes(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path, text)
    assert line(error) == 2
    assert "begins with a curly quote" in error.what
    assert "write straight quotes" in error.how


def test_curly_quotes_inside_a_text_or_straight_quotes_are_letters(tmp_path: Path) -> None:
    (tmp_path / "plan.yml").write_text('title: "\u201cx\u201d"\n# \u201ca\u201d\n', encoding="utf-8")
    assert declaration.load(tmp_path / "plan.yml", Plan).title == "\u201cx\u201d"
    (tmp_path / "plan.yml").write_text("title: the plan \u201cx\u201d\n", encoding="utf-8")
    assert declaration.load(tmp_path / "plan.yml", Plan).title == "the plan \u201cx\u201d"


@pytest.mark.parametrize("text", ["", "\n  \n", "# nothing\n", "\ufeff"])
def test_an_empty_declaration(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path, text)
    assert (error.code, error.what) == ("declaration_empty", "the declaration is empty")
    assert "from a copy" in error.how


def test_what_cannot_be_read(tmp_path: Path) -> None:
    error = refused(tmp_path, "size: 1\ntitle: Año\n".encode("latin-1"))
    assert error.code == "declaration_unreadable"
    assert line(error) == 2
    assert "not in UTF-8: byte 17 of the file" in error.what
    assert "save it as UTF-8" in error.how
    (tmp_path / "plan.yml").unlink()
    with pytest.raises(Misuse, match="FileNotFoundError"):
        declaration.load(tmp_path / "plan.yml", Plan)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    error = refused(tmp_path, "title: 1\nsize: x\nmode: c\n")
    assert line(error) == 1
    assert "; line 2, size: 'x' is no whole number (write a whole number" in error.what
    assert "; line 3, mode: 'c' is no possible value (use one of: a, b)" in error.what
    many = "title: x\n" + "".join(f"key{i}: 1\n" for i in range(30))
    assert refused(tmp_path, many).what.endswith("; and 20 more")


TEXT = "a:\n  b:\n  - c: 1\n  - c: 2\n    d: 3\ne: 5\n"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((), 1),
        (("a",), 1),
        (("a", "b"), 2),
        (("a", "b", 1), 4),
        (("a", "b", 1, "d"), 5),
        (("a", "b", 7, "d"), 2),
        (("a", "union", "b", 0, "c"), 3),
        (("nothing",), 1),
        (("e", "x"), 6),
    ],
)
def test_line_of_a_place(place: tuple[Any, ...], expected: int) -> None:
    assert declaration.line_of(TEXT, place) == expected


def test_line_where_a_union_member_is_called_as_a_key() -> None:
    text = "map:\n  sex:\n    recode: SEXO\n    codes:\n      a: 1\n"
    assert declaration.line_of(text, ("map", "sex", "recode", "codes", "a")) == 5
    assert declaration.line_of(text, ("map", "sex", "recode", "recode")) == 3


def test_a_key_is_the_text_that_stands_there(tmp_path: Path) -> None:
    made = load(tmp_path, "title: x\nstep:\n  kind: step\n  codes: {01: a, NO: b, 2024-01-01: c, ~: d}\n")
    assert isinstance(made.step, Step)
    assert made.step.codes == {"01": "a", "NO": "b", "2024-01-01": "c", "~": "d"}
