"""The interface for gates and other applications: a list in, one verdict a record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.security import HttpBearer
from pydantic import ValidationError

from vungxanh.core.append import Verdict, refused
from vungxanh.core.errors import UserError
from vungxanh.core.ids import sender_id
from vungxanh.core.secret_files import point
from vungxanh.forms import declared
from vungxanh.forms.catalogue import at_gate
from vungxanh.places.queries import within
from vungxanh.places.schemas import today
from vungxanh.venues.in_force import asks_of, mode_of
from vungxanh.venues.ingest import Outcome, Sender, skew_of, take
from vungxanh.venues.models import Gate, Tally
from vungxanh.venues.phones import check_code, send_code
from vungxanh.venues.proofs import proved
from vungxanh.venues.queries import gate_of, occupancy, open_visits, shown_many
from vungxanh.venues.refold import AT_ONCE
from vungxanh.venues.schemas import (
    Answer,
    Delivery,
    PhoneCodeIn,
    PhoneIn,
    Proved,
    Reply,
    ScanIn,
    TallyIn,
    TicketIn,
    TripIn,
)
from vungxanh.venues.sealing import open_box, public_key
from vungxanh.venues.tickets import tickets_of, use
from vungxanh.venues.trips import VEHICLES, running, take_event


class GateToken(HttpBearer):
    """`Authorization: Bearer …` with the token that the gate was given."""

    def authenticate(self, request: HttpRequest, token: str) -> Gate | None:
        return gate_of(token)


#: how closely we know when a gate was last heard: a write each scan would be a second wait for the disk
SEEN_EVERY = timedelta(seconds=30)

router = Router(tags=["venues"])


@router.get("/ping", auth=GateToken(), response=dict[str, Any], summary="Am I online, and what time is it")
def ping(request: HttpRequest) -> dict[str, Any]:
    """The server's clock, the key to which offline records are sealed, and the people inside."""
    gate = _gate(request)
    return {
        "now": timezone.now().astimezone(UTC).isoformat(),
        "key": public_key(),
        "place": gate.place.name,
        "asks": asks_of(gate.venue),
        "mode": mode_of(gate.venue),
        "register": gate.venue.visitor_register,
        "inside": occupancy(gate.place),
        "capacity": gate.place.capacity,
        "form": at_gate(today()).key,
        "tickets": tickets_of(gate.venue),
        "vehicle": _vehicle(gate),
        "results": [point(key) for key in declared.public_keys()],
    }


@router.get(
    "/form", auth=GateToken(), response=dict[str, Any], summary="The short declaration that a gate may ask"
)
def form(request: HttpRequest) -> dict[str, Any]:
    """Its yes-or-no questions in both languages, to be kept for the time without network."""
    asked = at_gate(today())
    questions = [one for one in asked.questions if one.type == "yesno"]
    return {
        "form": asked.key,
        "title": {"vi": asked.said(asked.pages[-1].title, "vi"), "en": asked.said(asked.pages[-1].title, "en")},
        "questions": [{"id": one.id, "vi": one.label.vi, "en": one.label.en} for one in questions],
    }


@router.post("/ticket", auth=GateToken(), response=dict[str, Any], summary="A market ticket that was used")
def use_ticket(request: HttpRequest, used: TicketIn) -> dict[str, Any]:
    """Once a household and day, at whichever gate; one that was read offline is judged by the time of reading."""
    gate = _gate(request)
    return use(used.code, venue=gate.venue, place=gate.place, at=used.at, record=used.id).as_json()


@router.post(
    "/trip", auth=GateToken(), response=dict[str, Any], summary="The crew opened a trip, came to a stop, ended"
)
def trip_event(request: HttpRequest, given: TripIn) -> dict[str, Any]:
    """By the device's corrected clock, so that a trip may be opened, run and ended without network."""
    skew = skew_of(given.clock, timezone.now())
    return take_event(given, venue=_gate(request).venue, at=given.at + skew).as_json()


@router.post("/phone", auth=GateToken(), response=dict[str, Any], summary="Send a code to a telephone at the gate")
def send_phone_code(request: HttpRequest, asked: PhoneIn) -> dict[str, Any]:
    """Somebody without a card gives their number: a code of six digits goes to it. `shown` in a drill only."""
    _gate(request)
    return {"id": asked.id, "status": "accepted", "shown": send_code(asked.phone)}


@router.post("/phone/check", auth=GateToken(), response=list[Proved], summary="Who is behind a proved telephone")
def check_phone_code(request: HttpRequest, asked: PhoneCodeIn) -> list[Proved]:
    """Whoever is known under the number, as a gate may show them; each with a proof to put into a record."""
    _gate(request)
    return proved(check_code(asked.phone, asked.code))


@router.post("/scans", auth=GateToken(), response=Reply, summary="Deliver a list of scans")
def deliver(request: HttpRequest, delivery: Delivery) -> Reply:
    """Each record gets a verdict under its own id. Sending again is harmless; a refused record may be mended."""
    gate, now = _gate(request), timezone.now()
    skew = skew_of(delivery.clock, now)
    records, broken = _opened(delivery)
    outcome, sender = Outcome(), _sender(gate, [*delivery.records, *records])
    for listed, late in ((delivery.records, False), (records, True)):
        if listed:
            taken = take(listed, sender=replace(sender, late=late), skew=skew)
            outcome.verdicts += taken.verdicts
            outcome.people += taken.people
    if gate.seen_at is None or now - gate.seen_at > SEEN_EVERY:
        Gate.objects.filter(pk=gate.pk).update(seen_at=now)  # scope: the gate's own row
    answers = [*_answers(outcome, gate), *(_answer(verdict) for verdict in broken)]
    inside = occupancy(gate.place, settled=len(answers) <= AT_ONCE)
    return Reply(answers=answers, inside=inside, skew=int(skew.total_seconds()))


@router.post("/tally", auth=GateToken(), response=dict[str, Any], summary="People counted and not scanned")
def tally(request: HttpRequest, counted: TallyIn) -> dict[str, Any]:
    """A number instead of a fiction, for the peak at which nobody can be scanned."""
    gate = _gate(request)
    own = sender_id(f"gate:{gate.pk}", f"tally:{counted.id}")
    _row, new = Tally.objects.get_or_create(
        record=own, defaults={"place": gate.place, "at": counted.at, "people": counted.people, "gate": gate.pk}
    )
    return {"id": counted.id, "status": "accepted" if new else "duplicate"}


def _vehicle(gate: Gate) -> dict[str, Any] | None:
    """What the crew's device needs to open a trip by itself: plate, route and plan of the last one."""
    if gate.place.kind not in VEHICLES:
        return None
    last = gate.place.trips.order_by("-departs").first()
    known = {"plate": last.plate, "route": last.route, "layout": last.seat_layout} if last else {}
    return {"plate": gate.place.name, "route": "", "layout": "", **known, "running": bool(running(gate.place))}


def _gate(request: HttpRequest) -> Gate:
    found = getattr(request, "auth", None)
    if not isinstance(found, Gate):
        raise UserError("venues.gate-unknown")
    return found


def _sender(gate: Gate, records: Sequence[ScanIn]) -> Sender:
    """The parts of the gate's place are asked for only where a record names one."""
    named = any(record.place is not None for record in records)
    parts = within(gate.place.scope_path).values_list("pk", flat=True) if named else ()
    return Sender(
        f"gate:{gate.pk}",
        gate.place,
        gate.pk,
        frozenset(parts),
        vehicle=gate.place.kind in VEHICLES,
        asks=asks_of(gate.venue),
        mode=mode_of(gate.venue),
    )


def _opened(delivery: Delivery) -> tuple[list[ScanIn], list[Verdict]]:
    """Records that came sealed; what cannot be opened or read is refused, not lost."""
    records: list[ScanIn] = []
    broken = []
    for sealed in delivery.sealed:
        try:
            records.append(ScanIn.model_validate_json(open_box(sealed.box)).model_copy(update={"id": sealed.id}))
        except ValidationError as exc:
            first = exc.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            broken.append(refused(sealed.id, UserError("venues.bad-record", where=where, why=first["msg"])))
        except UserError as error:
            broken.append(refused(sealed.id, error))
    return records, broken


def _answers(outcome: Outcome, gate: Gate) -> list[Answer]:
    known = [person for person in outcome.people if person is not None]
    names = shown_many(known) if len(known) <= 20 else {}
    trip = running(gate.place)
    staying = open_visits(trip.place if trip else gate.place, names)
    return [
        _answer(verdict).model_copy(
            update={"shown": names.get(person or 0, ""), "state": _state(person, names, staying)}
        )
        for verdict, person in zip(outcome.verdicts, outcome.people, strict=True)
    ]


def _answer(verdict: Verdict) -> Answer:
    return Answer.model_validate(verdict.as_json())


def _state(person: int | None, names: dict[int, str], staying: dict[int, Any]) -> Any:
    """In or out after this scan; unsaid for long lists, where nobody stands before the screen."""
    return "" if person not in names else "in" if person in staying else "out"
