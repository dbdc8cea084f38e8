"""A line of a list about a record that is known: what it says is taken over; an empty cell says nothing."""

from typing import Any

from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.outbreak.intake import spots
from vungxanh.outbreak.intake.lines import Context, Line
from vungxanh.outbreak.models import Case, CaseChange, LabResult, Reference
from vungxanh.people import merge_actions
from vungxanh.people.models import Officer, Phone
from vungxanh.people.register import phone_hash

WHY = "list"
_COLUMNS = ("onset", "sampled", "status", "admitted_on", "hospital", "outcome", "outcome_on")


def update(by: Officer, told: Context, line: Line, record: Reference) -> bool:
    """Inside the caller's transaction. -> did anything change?"""
    changed = _person(by, line, record.person)
    if record.case is not None:
        changed |= _case(by, told, line, record.case)
        changed |= _test(by, line, record.case)
    if record.contact is not None:
        changed |= _contact(line, record)
    return changed


def _person(by: Officer, line: Line, person: int) -> bool:
    given = line.person
    if given is None:
        return False
    values: dict[str, Any] = {"name": given.name if line.named else None, "address": given.address or None}
    values["sex"] = given.sex if given.sex != 3 else None
    values["birth_date"] = given.birth_date
    if given.birth_date is None:
        values["birth_year"] = given.birth_year
    if given.commune_code:
        values |= {"home_code": given.commune_code, "home_scheme": given.commune_scheme}
    wanted = {name: value for name, value in values.items() if value is not None}
    known = set(map(bytes, Phone.objects.filter(person=person).values_list("number_hash", flat=True)))
    phones = [number for number in given.phones if phone_hash(number) not in known]
    changed = merge_actions.correct(person=person, values=wanted, phones=phones, by=by, why=WHY)
    return bool(changed or phones)


def _case(by: Officer, told: Context, line: Line, case: Case) -> bool:
    from vungxanh.outbreak.intake.write_actions import beginning

    facts = line.facts
    wanted: dict[str, Any] = {name: facts[name] for name in _COLUMNS if facts.get(name) not in (None, "")}
    if facts.get("reported") and timezone.localdate(case.reported_at) != facts["reported"]:
        wanted["reported_at"] = beginning(facts["reported"])
    isolated = facts.get("isolated_on")
    if isolated and (case.isolated_at is None or timezone.localdate(case.isolated_at) != isolated):
        wanted["isolated_at"] = beginning(isolated)
    if line.spot:
        wanted["spot_id"] = spots.spots(by, case.disease, [line.spot], told.home)[line.spot]
    if case.onset and "onset" not in wanted:
        wanted.pop("sampled", None) if wanted.get("sampled") == case.onset else None
    changed = {name: value for name, value in wanted.items() if getattr(case, name) != value}
    if "onset" in changed:
        changed["onset_provenance"] = Case.Provenance.LIST
    _save(by, case, changed)
    return bool(changed)


def _save(by: Officer, case: Case, changed: dict[str, Any]) -> None:
    if not changed:
        return
    history = [
        CaseChange(
            case=case,
            field=name,
            before=str(getattr(case, name) or "")[:200],
            after=str(value)[:200],
            why=WHY,
            by=by.pk,
        )
        for name, value in changed.items()
    ]
    for name, value in changed.items():
        setattr(case, name, value)
    case.save(update_fields=list(changed))
    CaseChange.objects.bulk_create(history)


def _test(by: Officer, line: Line, case: Case) -> bool:
    if not line.test:
        return False
    same = {"person": case.person, "disease": case.disease, "kind": line.test["kind"]}
    row = LabResult.objects.filter(**same, sampled_on=line.test["sampled_on"]).first()
    if row is None:
        from vungxanh.outbreak.intake.write_actions import lab_result

        made = lab_result(by, line, case)
        assert made is not None
        made.save()
        return True
    ct = None if row.ct is None else float(row.ct)
    if (row.result, ct) == (line.test["result"], line.test["ct"]) or line.test["ct"] is None is not ct:
        return False
    row.result, row.ct = line.test["result"], line.test["ct"]
    row.save(update_fields=["result", "ct"])
    return True


def _contact(line: Line, record: Reference) -> bool:
    from vungxanh.outbreak.intake.write_actions import beginning

    contact = record.contact
    assert contact is not None
    if contact.rule != "list":
        raise UserError("outbreak.contact-traced", contact=contact.pk)
    wanted = {"first_exposed": beginning(line.facts["first"]), "last_exposed": beginning(line.facts["last"])}
    changed = {name: value for name, value in wanted.items() if value and getattr(contact, name) != value}
    for name, value in changed.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(changed) or None)
    return bool(changed)
