"""A declaration is taken: judged by its version, the person registered, the commune's list filled.

What comes at the same moment is written together: one registration, one insert, one link of the audit chain's lock
for all of them. A burst then costs a tenth of what it costs one by one, and whoever comes alone waits for nobody.
"""

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.declarations import areas, identity, queries, returnees
from vungxanh.declarations.models import Declaration
from vungxanh.declarations.quality import marks
from vungxanh.declarations.results import Result, judge
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms.validate import Checked, check
from vungxanh.people import device
from vungxanh.work.actions import cancel, put_many
from vungxanh.work.schemas import ItemIn

SOURCE = "declaration"
#: written together at most; a larger heap would make its first one wait for its last
MOST = 64


def declare(*, new: NewDeclaration, by: By) -> Declaration:
    """Take a declaration. The same sender's id again gives the same declaration.

    Raises UserError `declarations.not-whole`, `not-yours-to-correct`, `corrected-already`.
    """
    checked = _checked(new)
    if by is not None or new.corrects is not None or connection.in_atomic_block:
        return _declare_all([(new, checked)], by=by)[0]
    return _gathered(_Waiting(new, checked))


def _checked(new: NewDeclaration) -> Checked:
    checked = check(new.form, new.answers, timezone.localdate(new.given_at))
    if checked.problems:
        raise UserError("declarations.not-whole", field=checked.problems[0].question, count=len(checked.problems))
    return checked


# ------------------------------------------------------------------ gathering what comes at one moment


@dataclass(slots=True)
class _Waiting:
    """One declaration of a thread of this process, until it is written or has failed."""

    new: NewDeclaration
    checked: Checked
    done: threading.Event = field(default_factory=threading.Event)
    made: Declaration | None = None
    failed: BaseException | None = None


_queue: list[_Waiting] = []
_queue_lock = threading.Lock()
#: whoever holds it writes for everybody who waits
_writing = threading.Lock()


def _gathered(mine: _Waiting) -> Declaration:
    """Written with whatever else waits: by this thread, or by the one that is writing when it has finished."""
    with _queue_lock:
        _queue.append(mine)
    with _writing:
        while not mine.done.is_set():
            with _queue_lock:
                heap, _queue[:] = _queue[:MOST], _queue[MOST:]
            _write(heap)
    if mine.failed:
        raise mine.failed
    assert mine.made is not None
    return mine.made


def _write(heap: Sequence[_Waiting]) -> None:
    """All together; where that fails, each by itself, so that one bad record stops nobody else."""
    try:
        made = _declare_all([(one.new, one.checked) for one in heap], by=None)
        for one, row in zip(heap, made, strict=True):
            one.made = row
    except Exception:  # noqa: BLE001  each is tried again alone and has its own failure
        for one in heap:
            try:
                one.made = _declare_all([(one.new, one.checked)], by=None)[0]
            except Exception as exc:  # noqa: BLE001  raised in the thread that it belongs to
                one.failed = exc
    finally:
        for one in heap:
            if one.made is None and one.failed is None:
                one.failed = RuntimeError("the thread that wrote was stopped")
            one.done.set()


# ------------------------------------------------------------------ writing


@transaction.atomic
def _declare_all(given: Sequence[tuple[NewDeclaration, Checked]], *, by: By) -> list[Declaration]:
    """-> declarations in the order given."""
    senders = [keyed_hash("declaration", new.sender) for new, _ in given]
    there = {bytes(row.sender_hash): row for row in Declaration.objects.filter(sender_hash__in=senders)}
    fresh = {
        sender: _Fresh(new, checked, sender)
        for sender, (new, checked) in zip(senders, given, strict=True)
        if sender not in there
    }
    if fresh:
        _write_fresh(list(fresh.values()), by)
    return [there.get(sender) or fresh[sender].made for sender in senders]


class _Fresh:
    """One that is not there yet, on its way: who it is about, what follows, the row."""

    made: Declaration
    result: Result

    def __init__(self, new: NewDeclaration, checked: Checked, sender: bytes) -> None:
        self.new, self.checked, self.sender = new, checked, sender
        self.replaced = _replaced(new)
        self.named, self.rest = identity.split(new.form, checked.answers)
        self.person = self._known()

    def _known(self) -> int | None:
        """The person of an earlier declaration on this device, if it is still they."""
        if self.new.person is None:
            return None
        naming = {key: value for key, value in self.checked.answers.items() if key not in self.rest}
        moved = identity.changed(self.new.form, naming, self.new.person)
        if moved is None:
            return None
        self.rest = {**self.rest, **moved}
        return self.new.person


def _replaced(new: NewDeclaration) -> Declaration | None:
    if new.corrects is None:
        return None
    old = (
        Declaration.objects.select_for_update()
        .filter(pk=new.corrects, device_hash=device.hash_of(new.device))
        .first()
    )
    if old is None:
        raise UserError("declarations.not-yours-to-correct")
    if old.withdrawn_at or Declaration.objects.filter(corrects=old).exists():
        raise UserError("declarations.corrected-already")
    return old


def _write_fresh(fresh: Sequence[_Fresh], by: By) -> None:
    _register(fresh, by)
    now = timezone.now()
    ended = {one.new.form.key: queries.has_ended(one.new.form, timezone.localdate(now)) for one in fresh}
    for one in fresh:
        one.made = _row(one, ended[one.new.form.key], now, by)
    Declaration.objects.bulk_create([one.made for one in fresh])
    for one in fresh:
        device.remember(one.new.device, one.made.person)
        if one.replaced:
            cancel(source=f"{SOURCE}:{one.replaced.pk}", by=by)
    if due := [item for one in fresh for item in _due(one.made, one.result)]:
        put_many(due, by=by)
    audit.record_many(by=by, entries=[_entry(one) for one in fresh])


def _register(fresh: Iterable[_Fresh], by: By) -> None:
    """Everybody nobody knows yet, form by form: each is registered for the purpose of the form."""
    purposes: dict[str, list[_Fresh]] = {}
    for one in fresh:
        if one.person is None:
            purposes.setdefault(one.new.form.purpose, []).append(one)
    for purpose, group in purposes.items():
        persons = identity.register([one.named for one in group], purpose=purpose, by=by)
        for one, person in zip(group, persons, strict=True):
            one.person = person


def _entry(one: _Fresh) -> audit.Entry:
    row = one.made
    return audit.Entry(
        "declarations:declaration:" + ("corrected" if one.replaced else "received"),
        f"declaration:{row.pk}",
        one.new.form.purpose,
        {"form": one.new.form.key, "channel": one.new.channel, "result": row.result, "person": row.person},
    )


def _row(one: _Fresh, ended: bool, now: datetime, by: By) -> Declaration:  # noqa: FBT001
    new, answers, today = one.new, one.checked.answers, timezone.localdate(one.new.given_at)
    result = one.result = judge(
        new.form, answers, areas.hits(new.form, areas.stays(new.form, answers, today), today)
    )
    assert one.person is not None, "registered before"
    order = new.form.order_on(today)
    well = marks(new.form, answers, one.checked.notes, today)
    return Declaration(
        person=one.person,
        form=new.form.id,
        version=new.form.version,
        order=order.id if order else "",
        whom=new.whom,
        channel=new.channel,
        declared_by=by.pk if by is not None and not isinstance(by, int) else by,
        device_hash=device.hash_of(new.device),
        sender_hash=one.sender,
        answers=json.dumps(one.rest, ensure_ascii=False),
        given_at=new.given_at,
        received_at=now,
        version_ended=ended,
        corrects_id=new.corrects,
        result=result.main.code,
        result_rule=result.rules.id,
        reasons=[reason.as_json() for reason in result.reasons],
        valid_until=new.given_at + timedelta(hours=result.main.valid_hours),
        asked=well.asked,
        filled=well.filled,
        odd=well.odd,
        straight=well.straight,
        delete_after=now + timedelta(days=new.form.retention_days),
        scope_path=new.scope_path or identity.home_path(one.named),
        scope_sector="health",
    )


def _due(row: Declaration, result: Result) -> list[ItemIn]:
    """What a health worker has to do, on the list of the commune where the person stays."""
    items = []
    for one, reason in result.due:
        rule = returnees.in_force(timezone.localdate(row.given_at)) if one.area else None
        how = f" Đi bằng {reason.params['how']}." if reason.params.get("how") else ""
        owed = f" {rule.sentence}" if rule else ""
        items.append(
            ItemIn(
                kind=one.work,
                due=row.received_at + timedelta(hours=one.due_hours),
                source=f"{SOURCE}:{row.pk}",
                person=row.person,
                clock=rule.id if rule else row.result_rule,
                reason=(one.why.vi.format(**reason.params) + how + owed)[:300],
                scope_path=row.scope_path,
            )
        )
        items += _tests(row, rule) if rule else []
    return items


def _tests(row: Declaration, rule: returnees.Rule) -> list[ItemIn]:
    """Samples that everybody back from such an area owes, vaccinated or not; day 1 is the day declared."""
    day = timezone.localdate(row.given_at)
    return [
        ItemIn(
            kind="isolation.test",
            due=timezone.make_aware(datetime.combine(day + timedelta(days=number - 1), time(17))),
            source=f"{SOURCE}:{row.pk}:test-{number}",
            person=row.person,
            clock=rule.id,
            reason=f"Xét nghiệm ngày {number} theo {rule.basis}.",
            scope_path=row.scope_path,
        )
        for number in rule.sure_tests
    ]
