"""Kinds of identifiers: all spellings of one have one normal form, in Python and in SQL, and false ones are found."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sources.kit import kinds, kinds_sql
from sources.kit.kinds import KINDS

CONNECTION = duckdb.connect(config={"threads": 1})

#: What identifiers are written with, good and bad: letters, marks, dashes, blanks, separators, other scripts.
SIGNS = st.sampled_from(
    [
        *"0019aAkKxXñÑéÜçß",
        *"-./\\_,:#' \t\n\r\x0b",
        *"\u2013\u2212\u00a0\u3000\u0301\u200b\ufeff",
        *"ж中🂡İµÿŉ",
        *"\u0131\u0661\uff21",
    ]
)
#: What stands in the place of an identifier, with signs between and around, and what only looks like it.
STAND_INS = st.builds(
    lambda between, words, end: between.join(words) + end,
    st.sampled_from(["", " ", "/", "-", ".", "_", "  "]),
    st.one_of(
        st.sampled_from(["SIN DATO", "s/n", "não informado", "UNKNOWN", "NO APLICA", "SN", "NADA"]).map(
            str.split
        ),
        st.sampled_from(["S", "N", "x", "X", "0", "1", "9", "ñ", "ж", "-", "?"]).flatmap(
            lambda sign: st.integers(1, 9).map(lambda times: [sign] * times)
        ),
    ),
    st.sampled_from(["", ".", " ", "1", "X", "0"]),
)
TEXTS = st.one_of(
    STAND_INS,
    st.text(SIGNS, max_size=25),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.from_regex(r"\A[0-9]{1,3}([.]?[0-9]{3}){1,4}[-/ .]?[0-9kKxX]{0,2}([.,]0{1,3})?\Z"),
)


def in_sql(kind: str, texts: list[str | None]) -> list[tuple[str | None, bool | None]]:
    """Normal form and whether the check characters are right, as ingestion has them."""
    text, number = kinds_sql.tidied(kind, "x"), kinds_sql.normal(kind, "t")
    found = CONNECTION.execute(
        f"SELECT n, {kinds_sql.valid(kind, 'n')} FROM (SELECT *, {number} AS n FROM (SELECT *, {text} AS t FROM "
        "(SELECT unnest($texts::VARCHAR[]) AS x, generate_subscripts($texts, 1) AS i))) ORDER BY i",
        {"texts": texts},
    )
    return found.fetchall()


def in_python(kind: str, texts: list[str | None]) -> list[tuple[str | None, bool | None]]:
    """The same as the program for providers has them."""
    forms = [kinds.normal(kind, text) for text in texts]
    return [(form, None if form is None else kinds.valid(kind, form)) for form in forms]


@settings(max_examples=60, derandomize=True)
@given(st.sampled_from(sorted(KINDS)), st.lists(TEXTS, min_size=5, max_size=40))
@example("free", ["", " ", "\x00", "x" * 300, "a\x00b", "e\u0301", "\ufeffab  c\u00a0"])
@example(
    "cpf_br",
    [
        "12345678909",
        "1234567890900",
        "12345678.0",
        "12345678,00",
        "1234567.0\n",
        "\t1234567.0 ",
        "123.456.789-09",
        "0",
        "00000000000",
    ],
)
@example("folio", ["0", "-0-00-", "001A-0b", "...", "-", "a/-.b", "0000-0001"])
def test_python_and_sql_agree(kind: str, texts: list[str]) -> None:
    given_texts = [*texts, None]
    assert in_sql(kind, given_texts) == in_python(kind, given_texts)


def _put(text: str, at: int, character: str) -> str:
    return text[:at] + character + text[at + 1 :]


def _righted(kind: str, text: str) -> str:
    """The same with the right check characters, where there are any."""
    for check in KINDS[kind].checks:
        fitting = [c for c in "0123456789K" if kinds._fits(check, _put(text, check.at, c))]
        text = _put(text, check.at, fitting[0]) if fitting else text
    return text


@pytest.mark.parametrize("kind", [k for k, declared in KINDS.items() if declared.form])
@settings(max_examples=8, derandomize=True)
@given(st.data())
def test_check_characters_agree_on_what_has_the_form(kind: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.from_regex(KINDS[kind].form, fullmatch=True), min_size=5, max_size=30))
    texts += [_righted(kind, text) for text in texts]
    told = in_sql(kind, list(texts))
    assert told == in_python(kind, list(texts))
    right = [fits for _, fits in told[len(texts) // 2 :] if fits is not None]
    assert not right or any(right)


#: Valid documents, made up or printed as examples by those who issue them or by textbooks.
TRUE = {
    "curp": ["BOXW310820HNERXN09", "boxw310820hnerxn09", "BOXW-310820-HNERXN-09", " boxw 310820 hnerxn 09"],
    "run_cl": [
        "12.531.909-2",
        "12531909-2",
        "12531909 2",
        "012531909-2",
        "12.531.909\u20132",
        "12,531,909-2",
    ],
    "cpf_br": ["529.982.247-25", "52998224725", "529 982 247 25", "529.982.247\u201125"],
    "cnpj_br": ["12.ABC.345/01DE-35", "12abc34501de35", "12 ABC 345 01DE 35"],
    "cns_br": ["184 9596 8737 0903", "184959687370903"],
    "dui_sv": ["00016297-5", "162975", "000162975", "0001629 7-5"],
    "cuil_ar": ["20-05536168-2", "20055361682", "20.05536168.2"],
    "ci_uy": ["1.234.567-2", "12345672", "01234567-2".lstrip("0")],
    "cedula_ec": ["171430710-3", "1714307103"],
    "cedula_do": ["001-1391820-5", "00113918205", "113918205", "113918205.0"],
}
#: One digit of each is wrong, or two have changed places.
FALSE = {
    "curp": "BOXW310820HNERXN08",
    "run_cl": "12.531.909-K",
    "cpf_br": "529.982.274-25",
    "cnpj_br": "12.ABC.345/01DE-53",
    "cns_br": "184959687370930",
    "dui_sv": "00016297-4",
    "cuil_ar": "20-05536186-2",
    "ci_uy": "1.234.567-3",
    "cedula_ec": "171430710-4",
    "cedula_do": "001-1391820-4",
}


@pytest.mark.parametrize("kind", TRUE)
def test_true_documents_in_all_spellings(kind: str) -> None:
    forms = {kinds.normal(kind, text) for text in TRUE[kind]}
    assert len(forms) == 1
    (form,) = forms
    assert form is not None
    assert kinds.valid(kind, form)


@pytest.mark.parametrize("kind", FALSE)
def test_false_documents(kind: str) -> None:
    form = kinds.normal(kind, FALSE[kind])
    assert form is not None
    assert not kinds.valid(kind, form)
    assert set(TRUE) == set(FALSE)


def test_a_cui_of_guatemala() -> None:
    """Eight digits weighted 2 to 9, remainder of 11, then department and municipality."""
    digits = "25180270"
    check = sum(int(d) * w for d, w in zip(digits, range(2, 10), strict=True)) % 11
    assert check < 10
    form = kinds.normal("dpi_gt", f"{digits[:4]} {digits[4:]}{check} 0101")
    assert form == f"{digits}{check}0101"
    assert kinds.valid("dpi_gt", form)
    assert not kinds.valid("dpi_gt", f"{digits}{(check + 1) % 10}0101")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stays_nothing(kind: str) -> None:
    nothing = [None, "", "  ", "\t\n", "\u00a0", "\u200b", "\ufeff "]
    assert in_python(kind, nothing) == [(None, None)] * len(nothing) == in_sql(kind, nothing)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(
            ("curp", text)
            for text in ("SIN DATO", "NO PROPORCIONADO", "BOXW310820HNERXN0", "XXXX000000XXXXXX00")
        ),
        *(("cpf_br", text) for text in ("00000000000", "999.999.999-99", "1.23E+10", "123456789012")),
        *(("run_cl", text) for text in ("11.111.111-1", "K", "extranjero")),
        ("cedula_co", "12"),
        ("pseudonym", "AB-1"),
        *(
            (kind, text)
            for kind in ("free", "folio", "document")
            for text in (
                *(
                    "SIN DATO",
                    "sin_dato",
                    "S/N",
                    "s.n.",
                    "(No aplica)",
                    "NO PROPORCIONADO",
                    "se desconoce",
                    "Pendiente",
                ),
                *(
                    "sem informação",
                    "Não se aplica",
                    "NÃO-POSSUI",
                    "ignorado",
                    "N/A",
                    "not available",
                    "UNKNOWN",
                    "null",
                ),
                *("99999999", "0000", "XXXX", "xxxxxxxxxxxxxxxxxx", "aaa", "----", "?", "..."),
            )
        ),
        *(("folio", text) for text in ("0", "0000-0000", "99-9999-99", "YYY/YYY")),
        *(("cedula_co", text) for text in ("1111", "99.999.999", "0000000")),
        *(("rg", text) for text in ("SIN DATO", "ignorado", "9999-9", "xxxx")),
        ("dni_ar", "11.111.111"),
        ("cedula_cr", "111111111"),
    ],
)
def test_what_can_be_no_identifier_of_its_kind_is_none(kind: str, text: str) -> None:
    assert kinds.normal(kind, text) is None
    assert in_sql(kind, [text]) == [(None, None)]


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("free", " ab-ñ1", "AB–N1 ", True),
        ("free", "A  1", "A 1", True),
        ("free", "A 1", "A1", False),
        ("free", "001", "1", False),
        ("folio", "FGJ/0012/2024", "fgj-12-2024", True),
        ("folio", "FGJ 0012 . 2024", "fgj_12_2024", True),
        ("folio", "12-2024", "1-22024", False),
        ("folio", "12-2024", "122024", False),
        ("folio", "A-100", "A-1", False),
        ("document", "g.123-45", "G12345", True),
        ("document", "0123", "123", False),
        ("cedula_co", "1.020.304.050", "1020304050.0", True),
        ("cedula_co", "052.123.456", "52123456", True),
        ("rg", "12.345.678-x", "12345678X", True),
        # files are numbered in turn, and what is numbered may be called by a letter
        ("free", "1111", "1111", True),
        ("free", "0", "0", True),
        ("free", "X", "X", True),
        ("folio", "99999", "99999", True),
        ("folio", "SN-2024-1", "SN 2024 1", True),
        ("free", "SIN DATO 7", "SIN DATO 7", True),
        ("document", "NADA12", "nada 12", True),
    ],
)
def test_what_is_the_same_and_what_is_not(kind: str, one: str, other: str, same: bool) -> None:
    forms = [kinds.normal(kind, one), kinds.normal(kind, other)]
    assert None not in forms
    assert (forms[0] == forms[1]) is same


@settings(max_examples=200, derandomize=True)
@given(st.sampled_from(sorted(KINDS)), TEXTS)
def test_a_normal_form_is_its_own_normal_form(kind: str, text: str) -> None:
    form = kinds.normal(kind, text)
    assert form is None or kinds.normal(kind, form) == form
