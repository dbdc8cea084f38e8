"""Registering: checked, matched by verified document, written by COPY, candidates noted. For `actions` alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils import timezone

from vungxanh.codes import phone as phone_codes
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vault import encrypt, keyed_hash
from vungxanh.people import candidates
from vungxanh.people.documents import hash_of, normalised
from vungxanh.people.names import checked, keys_of
from vungxanh.people.schemas import DocumentIn, NameKeys, PersonIn

#: nobody alive was born before; also the table's own wall
FIRST_BIRTH_YEAR = 1850
#: held while verified documents are looked up and written, so that one document never makes two people
_LOCK = 0x56585F444F43


@dataclass
class Prepared:
    """A record after its checks: clean, normalised, hashed; `person` once an id is known."""

    record: PersonIn
    name: str
    birth_year: int | None
    keys: NameKeys
    documents: list[tuple[DocumentIn, bytes]]
    phones: list[tuple[phone_codes.Phone, bytes]]
    person: int = 0
    is_new: bool = True
    held_by_others: set[bytes] = field(default_factory=set)


@dataclass
class Done:
    """Ids in the order asked, those newly made, and how many candidates were noted."""

    ids: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    candidates: int = 0


def register(records: Sequence[PersonIn], *, by: By, purpose: str) -> Done:
    """Inside the caller's transaction."""
    today = timezone.localdate()
    prepared = [prepare(record, today) for record in records]
    doubles = _match(prepared)
    officer: int | None = by if by is None or isinstance(by, int) else by.pk
    _copy_persons([item for item in prepared if item.is_new], officer, purpose)
    _insert_documents(prepared, officer)
    _insert_phones(prepared)
    ids = [item.person for item in prepared]
    return Done(
        ids,
        [item.person for item in prepared if item.is_new],
        candidates.note_pairs(doubles, "two-documents") + candidates.note_for(ids),
    )


def prepare(record: PersonIn, today: date) -> Prepared:
    """Check one record. Raises UserError naming the field."""
    name = checked(record.name)
    if record.sex not in (1, 2, 3):
        raise UserError("people.sex-unknown", field="sex", value=record.sex)
    documents = [normalised(document) for document in record.documents]
    phones = {phone.e164: phone for phone in (phone_codes.parse(text) for text in record.phones)}
    return Prepared(
        record=record,
        name=name,
        birth_year=_birth_year(record, today),
        keys=keys_of(name),
        documents=[(document, hash_of(document)) for document in documents],
        phones=[(phone, phone_hash(phone.e164)) for phone in phones.values()],
    )


def phone_hash(e164: str) -> bytes:
    return keyed_hash("phone", e164)


def _birth_year(record: PersonIn, today: date) -> int | None:
    year = record.birth_date.year if record.birth_date else record.birth_year
    if year is not None and not FIRST_BIRTH_YEAR <= year <= today.year:
        raise UserError("people.birth-year-impossible", field="birth_year", value=year)
    if record.birth_date and record.birth_date > today:
        raise UserError("people.birth-year-impossible", field="birth_date", value=record.birth_date)
    return year


def _match(prepared: Sequence[Prepared]) -> list[tuple[int, int]]:
    """Ids for all: the known one where a verified document is known, here or earlier in the same list.

    -> pairs of known persons that one record's documents point to.
    """
    known = _holders([digest for item in prepared for document, digest in item.documents if document.verified])
    doubles: list[tuple[int, int]] = []
    for item, fresh in zip(prepared, _new_ids(len(prepared)), strict=True):
        verified = [digest for document, digest in item.documents if document.verified]
        found = sorted({known[digest] for digest in verified if digest in known})
        item.person, item.is_new = (found[0], False) if found else (fresh, True)
        doubles += [(found[0], other) for other in found[1:]]
        item.held_by_others = {digest for digest in verified if known.get(digest, item.person) != item.person}
        known.update((digest, item.person) for digest in verified if digest not in known)
    return doubles


def _holders(hashes: Sequence[bytes]) -> dict[bytes, int]:
    """Verified document -> person; nobody else registers one of them until this transaction ends."""
    if not hashes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "SELECT d.number_hash, coalesce(p.same_as_id, p.id) FROM people_identitydocument d"
            " JOIN people_person p ON p.id = d.person_id WHERE d.verified AND d.number_hash = ANY(%s)",
            [list(hashes)],
        )
        return {bytes(digest): person for digest, person in cursor.fetchall()}


def _new_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('people_person', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


_PERSON_COLUMNS = (
    "id", "scope_path", "scope_org", "scope_sector", "name", "name_hash", "name_syllables", "name_initials",
    "name_trigrams", "sex", "birth_date", "birth_year", "nationality", "home_code", "home_scheme", "address",
    "purpose", "registered_at", "registered_by", "name_key",
)  # fmt: skip


def _copy_persons(items: Sequence[Prepared], officer: int | None, purpose: str) -> None:
    now = timezone.now()
    rows = (
        (
            item.person, item.record.scope_path, item.record.scope_org, item.record.scope_sector,
            encrypt("person", item.name), item.keys.whole, item.keys.syllables, item.keys.initials,
            item.keys.trigrams, item.record.sex, item.record.birth_date, item.birth_year, item.record.nationality,
            item.record.commune_code, item.record.commune_scheme,
            encrypt("person", item.record.address) if item.record.address else None,
            purpose, now, officer, item.keys.block,
        )
        for item in items
    )  # fmt: skip
    copy_rows("people_person", _PERSON_COLUMNS, rows)


def _insert_documents(items: Sequence[Prepared], officer: int | None) -> None:
    """A document that the person has already is written once more only when it has become verified."""
    now = timezone.now()
    known = _known("people_identitydocument", items, "verified")
    rows: list[Sequence[object]] = []
    for item, document, digest in ((one, *pair) for one in items for pair in one.documents):
        marks = {(item.person, digest, True), (item.person, digest, document.verified)}
        if not marks & known and digest not in item.held_by_others:
            known.add((item.person, digest, document.verified))
            number = encrypt("document", document.number)
            verifier = officer if document.verified else None
            country = document.country
            rows.append((item.person, document.kind, country, number, digest, document.verified, verifier, now))
    columns = ("person_id", "kind", "country", "number", "number_hash", "verified", "verified_by", "added_at")
    copy_rows("people_identitydocument", columns, rows)


def _insert_phones(items: Sequence[Prepared]) -> None:
    now = timezone.now()
    known = _known("people_phone", items, "true")
    rows: list[Sequence[object]] = []
    for item, phone, digest in ((one, *pair) for one in items for pair in one.phones):
        if (item.person, digest, True) not in known:
            known.add((item.person, digest, True))
            rows.append((item.person, encrypt("phone", phone.e164), digest, phone.country or "", phone.valid, now))
    copy_rows("people_phone", _PHONE_COLUMNS, rows)


def add_phones(person: int, numbers: Sequence[str]) -> int:
    """Write numbers that the person does not have yet. -> how many. Raises UserError of `codes` for an odd one."""
    phones = {phone.e164: phone for phone in map(phone_codes.parse, numbers)}
    hashed = [(phone, phone_hash(phone.e164)) for phone in phones.values()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT number_hash FROM people_phone WHERE person_id = %s", [person])
        known = {bytes(row[0]) for row in cursor.fetchall()}
    new = [(phone, digest) for phone, digest in hashed if digest not in known]
    now = timezone.now()
    rows = [(person, encrypt("phone", p.e164), digest, p.country or "", p.valid, now) for p, digest in new]
    if rows:
        copy_rows("people_phone", _PHONE_COLUMNS, rows)
    return len(rows)


_PHONE_COLUMNS = ("person_id", "number", "number_hash", "country", "plausible", "added_at")


def _known(table: str, items: Sequence[Prepared], flag: str) -> set[tuple[int, bytes, bool]]:
    """(person, hash, flag) that stand already for people who were found, not made, and for their doubles."""
    ids = [item.person for item in items if not item.is_new]
    if not ids:
        return set()
    holder = "coalesce(p.same_as_id, p.id)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {holder}, t.number_hash, {flag} FROM {table} t JOIN people_person p ON p.id = t.person_id"  # noqa: S608
            f" WHERE {holder} = ANY(%s)",
            [ids],
        )
        return {(person, bytes(digest), value) for person, digest, value in cursor.fetchall()}


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """COPY rows in; the cursor beneath Django's speaks it."""
    # made whole first: encrypting may ask the database for a key, and a COPY in progress holds the connection
    ready = list(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in ready:
            copy.write_row(row)
