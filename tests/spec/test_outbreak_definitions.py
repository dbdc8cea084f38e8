"""What a case counts as, disease by disease: the definition of its day, read as examples."""

from datetime import date

import pytest

from vungxanh.outbreak import definitions, diseases, symptoms

DAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("disease", "facts", "status"),
    [
        # WHO 2009: fever, rash and one of cough, coryza, conjunctivitis; IgM or a link confirms
        ("measles", ("fever", "rash", "eyes"), "probable"),
        ("measles", ("fever", "rash", "eyes", "contact"), "confirmed"),
        ("measles", ("fever", "rash", "serology"), "confirmed"),
        ("measles", ("fever", "rash"), "suspected"),
        ("measles", ("fever", "cough"), None),
        ("measles", ("serology",), "suspected"),
        # WHO 2009: fever and two more signs; IgM beside them makes it probable, NS1 or PCR confirms
        ("dengue", ("fever", "rash", "ache"), "suspected"),
        ("dengue", ("fever", "rash", "ache", "serology"), "probable"),
        ("dengue", ("rash", "ache", "nausea"), None),
        ("dengue", ("fever", "rash"), None),
        ("dengue", ("antigen",), "confirmed"),
        # SARI: fever, cough, admission; a link makes it probable until there is a test
        ("respiratory", ("fever", "cough", "admitted"), "suspected"),
        ("respiratory", ("fever", "cough", "admitted", "contact"), "probable"),
        ("respiratory", ("fever", "cough"), None),
        ("respiratory", ("cough", "contact"), "suspected"),
        ("respiratory", ("pcr",), "confirmed"),
    ],
)
def test_definition_of_the_disease(disease: str, facts: tuple[str, ...], status: str | None) -> None:
    signs = {code for code, _word in symptoms.choices(disease)}
    counted = dict.fromkeys(facts, 1) | {
        "symptoms": len(signs & set(facts)),
        "fever_and_cough": int({"fever", "cough"} <= set(facts)),
    }
    found = definitions.fit(disease, DAY, counted)
    assert (found.status if found else None) == status


@pytest.mark.parametrize("disease", [key for key, _word in diseases.choices()])
def test_every_condition_is_a_fact_that_somebody_can_enter(disease: str) -> None:
    known = {code for code, _word in symptoms.choices(disease)} | set(definitions.FACTS)
    steps = [step for one in definitions.of(disease) for step in one["steps"]]
    assert steps
    assert {name.partition(":")[0] for step in steps for name in step["all"]} <= known


@pytest.mark.parametrize("disease", [key for key, _word in diseases.choices()])
def test_every_definition_says_what_was_read(disease: str) -> None:
    assert all(one["basis"]["verified"] in {"V2", "V", "no"} for one in definitions.of(disease))
    assert symptoms.choices(disease)
