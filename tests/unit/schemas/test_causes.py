"""External causes of ICD-10: every code has one intent, mechanism and place, and groups are what they are called."""

from __future__ import annotations

import pytest

from schemas import codelists, record_type
from schemas.codelists import causes
from tests.unit.schemas import oracle

CATEGORIES = [code for code in causes.causes() if len(code) == 3]
SUBCATEGORIES = [code for code in causes.causes() if len(code) == 4]


def within(first: str, last: str) -> list[str]:
    """The categories from one to the other."""
    return [c for c in CATEGORIES if first <= c <= last]


def meaning(code: str) -> tuple[str, str]:
    """Intent and mechanism of a code."""
    found = causes.cause(code)
    assert found is not None, code
    return found.intent, found.mechanism


def test_the_whole_chapter_is_there_in_order() -> None:
    """373 categories of the edition of 2019; the gaps are numbers that the classification does not use."""
    assert len(CATEGORIES) == 373
    assert list(causes.causes()) == sorted(causes.causes())
    assert (CATEGORIES[0], CATEGORIES[-1]) == ("V01", "Y98")
    assert not {"V07", "V08", "W47", "W71", "X07", "X55", "Y37", "Y94"} & set(CATEGORIES)


def test_every_cause_has_an_intent_and_a_mechanism_that_the_lists_know() -> None:
    intents, mechanisms = codelists.load("intent"), codelists.load("mechanism")
    users = codelists.load("road_user")
    for cause in causes.causes().values():
        supplementary = cause.code >= "Y90"
        assert (cause.intent == "") is (cause.mechanism == "") is supplementary, cause.code
        assert supplementary or (cause.intent in intents and cause.mechanism in mechanisms), cause.code
        assert cause.road_user == "" or cause.road_user in users
        assert (cause.road_user != "") == ("V01" <= cause.code[:3] <= "V89"), cause.code
        assert cause.fourth_character in ("place", "detail", "none")
        assert cause.evidence in codelists.EVIDENCE


@pytest.mark.parametrize(
    ("first", "last", "intent", "mechanism"),
    [
        ("X93", "X95", "assault", "firearm"),
        ("X72", "X74", "self_harm", "firearm"),
        ("W32", "W34", "unintentional", "firearm"),
        ("Y22", "Y24", "undetermined", "firearm"),
        ("X99", "X99", "assault", "sharp"),
        ("X78", "X78", "self_harm", "sharp"),
        ("W25", "W29", "unintentional", "sharp"),
        ("W45", "W46", "unintentional", "sharp"),
        ("Y28", "Y28", "undetermined", "sharp"),
        ("X91", "X91", "assault", "strangulation"),
        ("X70", "X70", "self_harm", "strangulation"),
        ("W75", "W84", "unintentional", "strangulation"),
        ("Y20", "Y20", "undetermined", "strangulation"),
        ("Y00", "Y00", "assault", "blunt"),
        ("Y04", "Y04", "assault", "bodily_force"),
        ("X79", "X79", "self_harm", "blunt"),
        ("W20", "W22", "unintentional", "blunt"),
        ("W50", "W52", "unintentional", "blunt"),
        ("Y29", "Y29", "undetermined", "blunt"),
        ("X92", "X92", "assault", "drowning"),
        ("X71", "X71", "self_harm", "drowning"),
        ("W65", "W74", "unintentional", "drowning"),
        ("Y21", "Y21", "undetermined", "drowning"),
        ("X97", "X98", "assault", "fire"),
        ("X76", "X77", "self_harm", "fire"),
        ("X00", "X19", "unintentional", "fire"),
        ("Y26", "Y27", "undetermined", "fire"),
        ("X85", "X90", "assault", "poison"),
        ("X60", "X69", "self_harm", "poison"),
        ("X40", "X49", "unintentional", "poison"),
        ("Y10", "Y19", "undetermined", "poison"),
        ("X96", "X96", "assault", "explosive"),
        ("X75", "X75", "self_harm", "explosive"),
        ("W35", "W40", "unintentional", "explosive"),
        ("Y25", "Y25", "undetermined", "explosive"),
        ("Y01", "Y01", "assault", "fall"),
        ("X80", "X80", "self_harm", "fall"),
        ("W00", "W19", "unintentional", "fall"),
        ("Y30", "Y30", "undetermined", "fall"),
        ("Y02", "Y03", "assault", "vehicle"),
        ("X81", "X82", "self_harm", "vehicle"),
        ("V01", "V99", "unintentional", "vehicle"),
        ("Y31", "Y32", "undetermined", "vehicle"),
        ("Y05", "Y05", "assault", "sexual_force"),
        ("Y06", "Y06", "assault", "neglect"),
        ("Y07", "Y07", "assault", "maltreatment"),
        ("Y09", "Y09", "assault", "_U"),
        ("X84", "X84", "self_harm", "_U"),
        ("X59", "X59", "unintentional", "_U"),
        ("Y34", "Y34", "undetermined", "_U"),
    ],
)
def test_the_matrix_of_intent_and_mechanism(first: str, last: str, intent: str, mechanism: str) -> None:
    assert {meaning(c) for c in within(first, last)} == {(intent, mechanism)}


def test_the_fourth_character_decides_in_legal_intervention_war_and_sequelae() -> None:
    assert {c[:3] for c in SUBCATEGORIES} == {"Y35", "Y36", "Y87", "Y89"}
    by_digit = ["firearm", "explosive", "poison", "blunt", "sharp", "other", "other", "_U"]
    assert [meaning(f"Y35{n}") for n in range(8)] == [("legal_intervention", m) for m in by_digit]
    assert meaning("Y35") == ("legal_intervention", "_U")
    assert [meaning(f"Y87{n}")[0] for n in range(3)] == ["self_harm", "assault", "undetermined"]
    assert [meaning(f"Y89{n}")[0] for n in (0, 1, 9)] == ["legal_intervention", "war", "_U"]
    assert meaning("X954") == meaning("X95")
    assert causes.cause("R99") is None


def test_intents_divide_the_external_causes_as_the_groups_do() -> None:
    """Every cause lies in the group of its intent and in no other; only Y89.9 has none."""
    groups = {i for i in codelists.load("intent").codes if i != "_U"}
    every = [c for c in causes.causes() if c < "Y90" and c not in ("Y87", "Y89")]
    for code in every:
        held = groups & set(causes.groups(code))
        assert held == {meaning(code)[0]} - {"_U"}, code
        assert "external" in causes.groups(code)
    assert [c for c in every if meaning(c)[0] == "_U"] == ["Y899"]


def test_homicide_is_x85_to_y09_and_y871_only() -> None:
    assert [c for c in CATEGORIES if "assault" in causes.groups(c)] == within("X85", "Y09")
    assert [n for n in range(10) if "assault" in causes.groups(f"Y87{n}")] == [1]
    assert "assault" not in causes.groups("Y87")


def test_firearm_deaths_are_the_firearm_row_over_all_intents() -> None:
    by_mechanism = {c for c in causes.causes() if meaning(c)[1] == "firearm"} if CATEGORIES else set()
    assert by_mechanism == {c for c in causes.causes() if "firearm" in causes.groups(c)}
    assert "Y350" in by_mechanism


def test_x95_9_is_a_firearm_in_an_unknown_place_and_no_unspecified_means() -> None:
    """The fourth character of X95 is the place: decision 0022."""
    assert meaning("X959") == ("assault", "firearm")
    assert causes.place_type("X959") == "_U"
    assert "unspecified_mechanism" not in causes.groups("X959")
    assert "firearm" in causes.groups("X959")


def test_unspecified_mechanism_is_what_the_matrix_does_not_know_but_sequelae() -> None:
    unknown = {c for c in causes.causes() if meaning(c)[1] == "_U"}
    sequelae_or_cut = {"Y35", "Y36", "Y86", "Y87", "Y870", "Y871", "Y872", "Y89", "Y890", "Y891"}
    assert {
        c for c in causes.causes() if "unspecified_mechanism" in causes.groups(c)
    } == unknown - sequelae_or_cut


def test_the_place_is_the_fourth_character_where_the_category_has_no_subdivision_of_its_own() -> None:
    own = {"W26", "X34", "X47", "X59", "X67", "X88", "Y06", "Y07", "Y17"}
    kinds = {c: causes.causes()[c].fourth_character for c in CATEGORIES}
    assert {c for c, kind in kinds.items() if kind == "place"} == set(within("W00", "Y34")) - own
    expected = "home residential_institution public_building sports_area street trade_service industrial farm other _U"
    assert [causes.place_type(f"X99{n}") for n in range(10)] == expected.split()
    for code in ("X99", "X880", "Y070", "V012", "Y350", "Y871", "R950"):
        assert causes.place_type(code) is None


@pytest.mark.parametrize(
    ("first", "last", "user"),
    [
        ("V01", "V09", "pedestrian"),
        ("V10", "V19", "cyclist"),
        ("V20", "V29", "motorcyclist"),
        ("V30", "V39", "three_wheeler"),
        ("V40", "V49", "car"),
        ("V50", "V59", "pickup_van"),
        ("V60", "V69", "heavy_vehicle"),
        ("V70", "V79", "bus"),
        ("V80", "V86", "other"),
        ("V87", "V89", "_U"),
        ("V90", "V99", ""),
    ],
)
def test_road_users(first: str, last: str, user: str) -> None:
    assert {causes.causes()[c].road_user for c in within(first, last)} == {user}


@pytest.mark.parametrize(
    ("cause", "inside", "outside"),
    [
        ("Y871", "assault", "self_harm"),
        ("X85", "assault", "undetermined"),
        ("Y099", "assault", "undetermined"),
        ("X954", "firearm", "legal_intervention"),
        ("X849", "self_harm", "assault"),
        ("X65", "self_harm", "unintentional"),
        ("Y100", "undetermined", "assault"),
        ("X599", "unspecified_external", "assault"),
        ("Y350", "legal_intervention", "assault"),
        ("Y350", "firearm", "war"),
        ("Y35", "legal_intervention", "firearm"),
        ("Y883", "medical_care", "unintentional"),
        ("V877", "road_traffic_who", "road_traffic_gbd"),
        ("V872", "road_traffic_gbd", "assault"),
        ("V820", "road_traffic_gbd", "road_traffic_who"),
        ("V811", "road_traffic_who", "road_traffic_gbd"),
        ("V810", "land_transport_paho", "road_traffic_who"),
        ("V877", "road_traffic_cdc", "assault"),
        ("V879", "road_traffic_who", "road_traffic_cdc"),
        ("V031", "road_traffic_cdc", "firearm"),
        ("V030", "road_traffic_who", "road_traffic_cdc"),
        ("V05", "land_transport_paho", "road_traffic_who"),
        ("V883", "land_transport_paho", "road_traffic_who"),
        ("V90", "transport", "land_transport_paho"),
        ("V899", "unspecified_transport", "road_traffic_cdc"),
        ("V99", "unspecified_transport", "land_transport_paho"),
        ("Y850", "road_traffic_who", "road_traffic_gbd"),
        ("R99", "ill_defined", "external"),
        ("R98", "unknown_cause", "external"),
        ("S062", "nature_of_injury", "external"),
        ("T98", "nature_of_injury", "ill_defined"),
    ],
)
def test_groups_of_causes(cause: str, inside: str, outside: str) -> None:
    assert inside in causes.groups(cause)
    assert outside not in causes.groups(cause)


def test_the_four_definitions_of_road_traffic_are_told_apart() -> None:
    definitions = {
        (row["group"], row["definition_id"])
        for row in codelists.table("icd10_group_ranges")
        if row["group"].startswith(("road_traffic", "land_transport"))
    }
    assert definitions == {
        ("road_traffic_who", "WHO"),
        ("road_traffic_gbd", "GBD"),
        ("road_traffic_cdc", "CDC"),
        ("land_transport_paho", "PAHO"),
    }


def test_ranges_are_well_formed_and_name_known_groups() -> None:
    rows = codelists.table("icd10_group_ranges")
    for row in rows:
        first, last = row["cause_from"], row["cause_to"]
        assert len(first) == len(last) in (3, 4)
        assert first <= last
        # a range of subcategories across categories would take whole categories in
        assert len(first) == 3 or first[:3] == last[:3]
        assert row["evidence"] != "needs_review" or row["note"]
    assert {row["group"] for row in rows} == set(codelists.load("icd10_group").codes)
    assert {row["evidence"] for row in rows} <= set(codelists.EVIDENCE)


def test_a_group_lies_in_the_group_above_it() -> None:
    groups = codelists.load("icd10_group")
    every = [*CATEGORIES, *(f"{c}{n}" for c in CATEGORIES for n in range(10))]
    for code in every:
        held = set(causes.groups(code))
        above = {groups.entry(g).parent for g in held} - {""}
        assert above <= held, (code, above - held)


def test_a_category_of_the_chapter_is_listed_or_not_assigned() -> None:
    """The gaps of the chapter follow from the list of its categories: each number is one or the other."""
    listed = set(CATEGORIES)
    for number in (f"{letter}{n:02d}" for letter in "VWXY" for n in range(100)):
        assert (number in listed) != ("not_assigned" in causes.groups(number)), number
    for code in ("V07", "V081", "Y99", "U99", "U01"):
        assert "not_assigned" in causes.groups(code), code
    for code in ("U04", "U06", "U07", "U071", "U09", "U10", "U12", "X959"):
        assert "not_assigned" not in causes.groups(code), code


def test_what_no_edition_at_hand_shows_needs_review() -> None:
    told = {
        (row["cause_from"], row["cause_to"]): row["evidence"]
        for row in codelists.table("icd10_group_ranges")
        if row["group"] in ("not_assigned", "never_underlying")
    }
    assert {first for (first, _), evidence in told.items() if evidence == "needs_review"} == {
        "U13",
        "U80",
        "U86",
    }
    assert "official" not in told.values()


@pytest.mark.parametrize(
    ("cause", "rules"),
    [
        ("V07", {"cause_from.no_category"}),
        ("V089", {"cause_from.no_category"}),
        ("Y99", {"cause_from.no_category"}),
        ("U99", {"cause_from.no_category"}),
        ("U990", {"cause_from.no_category"}),
        ("Y90", {"cause_from.never_underlying"}),
        ("Z000", {"cause_from.never_underlying"}),
        ("U82", {"cause_from.never_underlying"}),
        ("S062", {"cause_from.nature_code"}),
        ("T149", {"cause_from.nature_code"}),
        ("V01", set()),
        ("V099", set()),
        ("X954", set()),
        ("U071", set()),
        ("R99", set()),
        ("I219", set()),
    ],
)
def test_causes_that_exist_in_no_list_or_are_none(cause: str, rules: set[str]) -> None:
    """They are told of each death: nature of the injury is quarantined, the others are loaded with a warning."""
    told = oracle.by_sql("death", oracle.of_rows("death", [{"cause_from": cause}]))
    assert {code for _, code in told if code.startswith("cause_from.")} == rules
    severity = {r.code: r.severity for r in record_type.load("death").rules}
    for code in rules:
        assert severity[code] == ("row" if code == "cause_from.nature_code" else "warn")


@pytest.mark.parametrize(("field", "cause"), [("cause", "V07"), ("nature", "U99")])
def test_causes_of_injuries_that_exist_in_no_list(field: str, cause: str) -> None:
    told = oracle.by_sql("injury", oracle.of_rows("injury", [{field: cause}, {field: "W01"}]))
    assert (0, f"{field}.no_category") in told
    assert (1, f"{field}.no_category") not in told
