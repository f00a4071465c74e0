"""Schema ``indicator``: the values of all indicators, the contract for everyone downstream.

The names are fixed. A new breakdown is a migration and a new version of the contract.
"""

from __future__ import annotations

from warehouse.declared import VALIDITY, Column, Table

#: A cell is identified by these, in this order.
KEY = (
    Column("indicator", "VARCHAR", "Identifier of the indicator", required=True),
    Column("indicator_version", "INTEGER", "Version of the indicator's definition", required=True),
    Column(
        "ref_area",
        "VARCHAR",
        "Area: published code, or G- and a name for a group of countries",
        required=True,
    ),
    Column("area_level", "ENUM:area_level", "Level of the area", required=True),
    Column("boundary_version", "VARCHAR", "Version of the territorial division of the area"),
    Column("freq", "ENUM:freq", "Frequency: A year, M month", required=True),
    Column(
        "time_period",
        "VARCHAR",
        "Period, ISO 8601; year to date and pooled years as start/duration",
        required=True,
    ),
    Column("sex", "ENUM:sex", "Sex; _T total, _U unknown", required=True),
    Column("age", "ENUM:age_band", "Age band; _T total, _U unknown", required=True),
    Column("mechanism", "ENUM:mechanism", "Mechanism or weapon; _T total, _U unknown", required=True),
    Column(
        "relationship",
        "ENUM:relationship",
        "Relationship of victim to offender; _T total, _U unknown",
        required=True,
    ),
    Column("context", "ENUM:context", "Situational context; _T total, _U unknown", required=True),
    Column("urbanisation", "ENUM:urbanisation", "Urban or rural; _T total, _U unknown", required=True),
    Column("ethnicity", "ENUM:ethnicity", "Ethnicity; _T total, _U unknown", required=True),
    Column("migration", "ENUM:migration", "Migration status; _T total, _U unknown", required=True),
    Column("institution", "ENUM:institution", "Institution; _T total, _U unknown", required=True),
    Column("offence", "VARCHAR", "Offence (ICCS); _T total, _U unknown", required=True),
    Column("form", "ENUM:form", "Form of violence or exploitation; _T total, _U unknown", required=True),
    Column("place_basis", "ENUM:place_basis", "Place to which events are attributed", required=True),
    Column("date_basis", "ENUM:date_basis", "Date to which events are attributed", required=True),
    Column("source_type", "ENUM:source_type", "Kind of source of the numerator", required=True),
    Column("population_source", "ENUM:population_source", "Source of the population of the denominator"),
    Column("estimate_type", "ENUM:estimate_type", "Registered, survey, modelled, ...", required=True),
)

VALUES = (
    Column("obs_value", "DOUBLE", "Value; NULL where obs_status, conf_status and comment say why"),
    Column("numerator", "DOUBLE", "Numerator"),
    Column("denominator", "DOUBLE", "Denominator"),
    Column("numerator_unit", "ENUM:counting_unit", "Counting unit of the numerator"),
    Column("denominator_unit", "ENUM:counting_unit", "Counting unit of the denominator"),
    Column("ci_lower", "DOUBLE", "Lower limit of the 95 % interval"),
    Column("ci_upper", "DOUBLE", "Upper limit of the 95 % interval"),
    Column("ci_method", "ENUM:ci_method", "Method of the interval"),
    Column(
        "ci_meaning", "ENUM:ci_meaning", "What the interval is about: sampling, random variation, a model"
    ),
    Column("std_error", "DOUBLE", "Standard error"),
    Column("sample_size", "BIGINT", "Number of observations of a survey estimate"),
    Column("effective_sample_size", "DOUBLE", "Sample size divided by the design effect"),
    Column("coverage", "DOUBLE", "Share of the reports owed that were received (0 to 1)"),
    Column("population_covered", "DOUBLE", "Share of the population in areas that reported (0 to 1)"),
    Column("areas_reporting", "INTEGER", "Number of areas that reported"),
    Column("areas_expected", "INTEGER", "Number of areas that owe reports"),
    Column("unknown_share", "DOUBLE", "Share of events whose attribute is unknown (0 to 1)"),
    Column("quality", "ENUM:quality", "Grade A to D by declared rules"),
    Column("quality_reason", "VARCHAR", "Rule that set the grade"),
    Column("obs_status", "ENUM:obs_status", "Status of the observation (SDMX)"),
    Column("revision_status", "ENUM:revision_status", "Provisional, definitive or revised"),
    Column("series_break", "BOOLEAN", "The series breaks at this period: not comparable with the one before"),
    Column("comparability", "VARCHAR", "What limits comparison with other areas or times"),
    Column("validated_by", "VARCHAR", "Institutions that validated the figure"),
    Column("cutoff_date", "DATE", "Day up to which the registers are included"),
    Column("conf_status", "ENUM:conf_status", "Status of confidentiality (SDMX)"),
    Column("unit_measure", "ENUM:unit_measure", "Unit of the value"),
    Column("unit_mult", "INTEGER", "Power of ten by which the value is to be multiplied"),
    Column("decimals", "INTEGER", "Decimals to which the value is rounded"),
    Column(
        "source", "VARCHAR", "Source of the numerator; its declaration in meta.source says how to cite it"
    ),
    Column("comment", "VARCHAR", "Reason of a missing value, or a remark"),
    Column("catalogue_version", "VARCHAR", "Version of the indicator catalogue that computed the cell"),
)

VINTAGE = Column("vintage", "INTEGER", "Batch after which the cell holds")

VALUE_HISTORY = Table(
    "indicator",
    "value_history",
    "Every cell of every indicator ever computed, with the batches in which it held; only changed cells are written",
    (*KEY, *VALUES, *VALIDITY),
)

#: What tells one denominator from another.
DENOMINATOR_KEY = (
    *(
        c
        for c in KEY
        if c.name in ("indicator", "ref_area", "area_level", "freq", "time_period", "sex", "age")
    ),
    Column("source_id", "VARCHAR", "Source of the numerator", required=True),
)

#: What a cell without events says beside its zero, where computation knows better than the cells around it.
OF_ZERO = tuple(
    c
    for c in (*KEY, *VALUES)
    if c.name
    in (
        "boundary_version",
        "obs_value",
        "ci_lower",
        "ci_upper",
        "ci_method",
        "ci_meaning",
        "population_covered",
        "areas_reporting",
        "areas_expected",
        "quality",
        "quality_reason",
        "obs_status",
        "revision_status",
        "series_break",
        "comparability",
        "cutoff_date",
        "source",
        "comment",
        "catalogue_version",
    )
)

DENOMINATOR = Table(
    "indicator",
    "denominator",
    "Areas and periods that are completely reported: there a breakdown without a stored cell is a true zero. One row "
    "per indicator, source, area, period, sex and age band, with the denominator that such a zero has",
    (
        *DENOMINATOR_KEY,
        Column("denominator", "DOUBLE", "Denominator; NULL where there is none for this sex and age"),
        Column("coverage", "DOUBLE", "Share of the reports owed that were received (0 to 1)"),
        *OF_ZERO,
        *VALIDITY,
    ),
)

TABLES = (VALUE_HISTORY, DENOMINATOR)
