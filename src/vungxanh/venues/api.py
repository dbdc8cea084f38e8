"""The interface for gates and other applications: a list in, one verdict a record."""

from datetime import UTC
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.security import HttpBearer
from pydantic import ValidationError

from vungxanh.core.append import Verdict, refused
from vungxanh.core.errors import UserError
from vungxanh.places.queries import within
from vungxanh.venues.ingest import Outcome, Sender, skew_of, take
from vungxanh.venues.models import Gate, Tally
from vungxanh.venues.queries import gate_of, occupancy, open_visits, shown_many
from vungxanh.venues.schemas import Answer, Delivery, Reply, ScanIn, TallyIn
from vungxanh.venues.sealing import open_box, public_key
from vungxanh.venues.trips import VEHICLES, running


class GateToken(HttpBearer):
    """`Authorization: Bearer …` with the token that the gate was given."""

    def authenticate(self, request: HttpRequest, token: str) -> Gate | None:
        return gate_of(token)


router = Router(tags=["venues"])


@router.get("/ping", auth=GateToken(), response=dict[str, Any], summary="Am I online, and what time is it")
def ping(request: HttpRequest) -> dict[str, Any]:
    """The server's clock, the key to which offline records are sealed, and the people inside."""
    gate = _gate(request)
    return {
        "now": timezone.now().astimezone(UTC).isoformat(),
        "key": public_key(),
        "place": gate.place.name,
        "asks": gate.venue.asks,
        "inside": occupancy(gate.place),
        "capacity": gate.place.capacity,
    }


@router.post("/scans", auth=GateToken(), response=Reply, summary="Deliver a list of scans")
def deliver(request: HttpRequest, delivery: Delivery) -> Reply:
    """Each record gets a verdict under its own id. Sending again is harmless; a refused record may be mended."""
    gate, now = _gate(request), timezone.now()
    skew = skew_of(delivery.clock, now)
    records, broken = _opened(delivery)
    outcome = take(records, sender=_sender(gate), skew=skew)
    Gate.objects.filter(pk=gate.pk).update(seen_at=now)  # scope: the gate's own row
    answers = [*_answers(outcome, gate), *(_answer(verdict) for verdict in broken)]
    return Reply(answers=answers, inside=occupancy(gate.place), skew=int(skew.total_seconds()))


@router.post("/tally", auth=GateToken(), response=dict[str, Any], summary="People counted and not scanned")
def tally(request: HttpRequest, counted: TallyIn) -> dict[str, Any]:
    """A number instead of a fiction, for the peak at which nobody can be scanned."""
    gate = _gate(request)
    Tally.objects.create(place=gate.place, at=counted.at, people=counted.people, gate=gate.pk)
    return {"id": counted.id, "status": "accepted"}


def _gate(request: HttpRequest) -> Gate:
    found = getattr(request, "auth", None)
    if not isinstance(found, Gate):
        raise UserError("venues.gate-unknown")
    return found


def _sender(gate: Gate) -> Sender:
    parts = within(gate.place.scope_path).values_list("pk", flat=True)
    return Sender(f"gate:{gate.pk}", gate.place, gate.pk, frozenset(parts), vehicle=gate.place.kind in VEHICLES)


def _opened(delivery: Delivery) -> tuple[list[ScanIn], list[Verdict]]:
    """Plain records and those that came sealed; what cannot be opened or read is refused, not lost."""
    records, broken = list(delivery.records), []
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
