"""Surveys dedicated to violence: of women, and of children."""

from __future__ import annotations

from pipelines.sample_countries.domains.sampling import PLACE_IN_DESIGN, Design, drawn
from pipelines.sample_countries.drawing import chance, weighted
from pipelines.sample_countries.faults import Fault
from pipelines.sample_countries.records import Records


def violence_against_women(design: Design) -> Records:
    """Women who answer on violence of a partner and of others."""
    return Records(
        "survey_person",
        "reference_date",
        place="residence",
        by="partner_violence_physical_12m",
        amount="weight",
        layers=(
            *drawn(design),
            {
                "person_key": "household_key || if(bad, '-2', '-1')",
                "partner_status": "CASE WHEN partner_violence_physical_12m = 'yes' THEN 'current_partner' ELSE "
                + weighted("partner", {"current_partner": 6, "former_partner": 3, "never_partnered": 1})
                + " END",
            },
            {
                "partner_violence_physical_ever": "CASE WHEN partner_status = 'never_partnered' THEN 'not_applicable' "
                f"WHEN partner_violence_physical_12m = 'yes' OR {chance('ever', 18)} THEN 'yes' ELSE 'no' END",
                "partner_violence_physical_12m": "CASE WHEN partner_status = 'never_partnered' THEN 'not_applicable' "
                "ELSE partner_violence_physical_12m END",
                "non_partner_sexual_ever": f"if(non_partner_sexual_12m = 'yes' OR {chance('other', 6)}, 'yes', 'no')",
            },
        ),
        faults=(
            *PLACE_IN_DESIGN,
            Fault(
                "now_but_never",
                fields={
                    "partner_status": "'current_partner'",
                    "partner_violence_physical_12m": "'yes'",
                    "partner_violence_physical_ever": "'no'",
                },
                rules=("partner_violence_physical_12m.but_never",),
            ),
            Fault(
                "without_partner",
                fields={
                    "partner_status": "'never_partnered'",
                    "partner_violence_physical_12m": "'no'",
                    "partner_violence_physical_ever": "'yes'",
                },
                rules=("partner_violence_physical_ever.without_partner",),
            ),
            Fault(
                "other_now_but_never",
                fields={"non_partner_sexual_12m": "'yes'", "non_partner_sexual_ever": "'no'"},
                rules=("non_partner_sexual_12m.but_never",),
            ),
        ),
    )


def children(design: Design) -> Records:
    """Children of whom the carers answer on discipline, and older ones on bullying."""
    return Records(
        "survey_person",
        "reference_date",
        place="residence",
        by="discipline_physical",
        amount="weight",
        layers=(
            *drawn(design),
            {
                "person_key": "household_key || if(bad, '-2', '-1')",
                "discipline_psychological": weighted("words", {"yes": 6, "no": 5}),
                "bullied": f"CASE WHEN age_years < 6 THEN 'not_asked' ELSE if({chance('bully', 21)}, 'yes', 'no') END",
            },
        ),
        faults=(*PLACE_IN_DESIGN,),
    )
