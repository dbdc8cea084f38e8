"""A listed area and a few declarations, so that the commune's list and the officers' pages are not empty."""

from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from vungxanh.declarations.actions import list_area
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.queries import open_form
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.demo.communes import Home
from vungxanh.demo.generate import District
from vungxanh.demo.names import Identity

#: an area outside the district, listed for the drill: Bến Thành ward, Hồ Chí Minh City
LISTED = "26743"
BASIS = "DIỄN TẬP"
COUNT = 24
SIGNS = ("fever", "cough", "breathing", "pneumonia", "throat", "fatigue")
MET = ("met_patient", "met_traveller", "met_ill")


def declarations(district: District, people: list[Identity], numbers: list[int], where: Home, commune: int) -> int:
    """Adults of the first case's commune declare: returnees, some with signs, most with nothing. -> how many."""
    today = timezone.localdate()
    list_area(disease="covid19", code=LISTED, since=today - timedelta(days=30), basis=BASIS, by=None)
    form, _order = open_form("population", today)
    rng = np.random.default_rng((district.plan.seed, 6))
    grown = np.flatnonzero((district.world.people.commune == commune) & (district.world.people.age >= 18))
    chosen = rng.choice(grown, min(COUNT, len(grown)), replace=False).tolist()
    for order, row in enumerate(chosen):
        declare(
            new=NewDeclaration(
                form=form,
                answers=_answers(people[row], where, order),
                whom="self",
                channel="web",
                sender=f"demo:{district.plan.seed}:{row}",
                given_at=timezone.now() - timedelta(minutes=int(rng.integers(5, 600))),
                person=numbers[row],
            ),
            by=None,
        )
    return len(chosen)


def _answers(who: Identity, where: Home, order: int) -> dict[str, Any]:
    today = timezone.localdate()
    answers: dict[str, Any] = {
        "full_name": who.name,
        "birth_year": who.birth_year,
        "sex": "2" if who.female else "1",
        "nationality": "VNM",
        "commune": {"written": where.unit.name, "code": where.unit.code, "scheme": where.unit.scheme},
        "address": "Tổ dân phố 1",
        "phone": who.phone or "0500000000",
        "travelled": order % 3 == 0,
        **dict.fromkeys((*SIGNS, *MET), False),
        "consent": True,
    }
    if answers["travelled"]:
        day = (today - timedelta(days=2 + order % 7)).isoformat()
        listed = {"written": "", "code": LISTED, "scheme": where.unit.scheme}
        answers["places"] = [{"place": listed, "from": day, "to": day, "means": "coach", "vehicle": "20B-DT1"}]
    if order % 4 == 1:
        answers |= {"cough": True, "onset": (today - timedelta(days=1)).isoformat()}
    return answers
