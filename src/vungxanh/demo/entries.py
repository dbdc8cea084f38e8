"""Entries at Nội Bài, so that the border officers' pages and the first case's seat list are not empty."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from vungxanh.border import entry_forms, journeys
from vungxanh.border.actions import desk, voyages
from vungxanh.border.actions import entries as actions
from vungxanh.border.schemas import Given, ReviewIn
from vungxanh.demo.communes import Home
from vungxanh.demo.names import Identity
from vungxanh.people.models import Officer

GATE, FLIGHT, COUNT = "HAN", "VN36", 24
SIGNS = ("fever", "cough", "breath", "throat", "vomit", "diarrhoea", "bleeding", "rash")
LETTERS = "ABCDEF"
OFFICER = "bienphong"


def entries(people: list[Identity], where: Home, seed: int) -> int:
    """Passengers of one flight of today: most in good health, some held, some let go. -> how many."""
    form = entry_forms.on(timezone.localdate())
    if form is None:
        return 0
    rng = np.random.default_rng((seed, 7))
    grown = [who for who in people if timezone.localdate().year - who.birth_year >= 18]
    chosen = rng.choice(len(grown), min(COUNT, len(grown)), replace=False).tolist()
    officer = Officer.objects.get(username=OFFICER)
    for order, row in enumerate(chosen):
        made = actions.declare(given=Given(form.key, _answers(grown[row], where, order)))
        if order % 6 == 1:
            desk.seen(declaration=made)
            desk.review(declaration=made, given=ReviewIn("hold" if order % 12 == 1 else "release"), by=officer)
    return len(chosen)


def _answers(who: Identity, where: Home, order: int) -> dict[str, Any]:
    today = timezone.localdate()
    answers: dict[str, Any] = {
        "gate": GATE, "entry_on": today.isoformat(), "full_name": who.name, "document_kind": "passport",
        "document": f"P{7_000_000 + order}", "nationality": "VNM", "birth_year": who.birth_year,
        "sex": "2" if who.female else "1", "mode": "air", "flight": FLIGHT,
        "seat": f"{10 + order // 6}{LETTERS[order % 6]}", "crew": order == 0, "connecting": False,
        "party": "family" if order in (2, 3) else "alone", "from_country": "DEU",
        "departed_on": (today - timedelta(days=1)).isoformat(), "elsewhere": False, **dict.fromkeys(SIGNS, False),
        "animals": order % 8 == 4, "near_ill": order % 12 == 1, "tested": "none",
        "commune": {"written": where.unit.name, "code": where.unit.code, "scheme": where.unit.scheme},
        "lodging": "home", "address": "Tổ dân phố 1", "phone": who.phone or "0500000000",
    }  # fmt: skip
    return answers


def flight_of_the_case(case: int, others: list[int], onset: date) -> None:
    """The first case flew in the day before falling ill; who sat around is on the carrier's list."""
    gate, day = journeys.gate(GATE), onset - timedelta(days=1)
    run = voyages.voyage(key=FLIGHT, mode="air", on=day, gate=gate, by=None)
    people = [case, *(one for one in others if one != case)][:42]
    seats = [f"{8 + n // 6}{LETTERS[n % 6]}" for n in range(len(people))]
    seats[0], seats[15] = seats[15], seats[0]  # the case sits in the middle
    seated = [voyages.Seated(one, seat, journeys.seat_row(seat)) for one, seat in zip(people, seats, strict=True)]
    voyages.board(run, seated, "listed")
