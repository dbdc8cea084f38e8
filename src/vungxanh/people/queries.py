"""Reads of persons: masked for everybody, plain with a purpose, candidates of a search."""

from collections.abc import Iterable

from django.utils.translation import get_language

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import grants_of
from vungxanh.people.lookup import candidates_by_name, candidates_by_number
from vungxanh.people.models import IdentityDocument, Officer, Person, Phone
from vungxanh.people.models.persons import Sex
from vungxanh.people.names import masked_name
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import DocumentIn, Found, PersonOut
from vungxanh.people.scope import System, visible_persons

SEX_WORDS = {"vi": {1: "nam", 2: "nữ", 3: "giới tính khác"}, "en": {1: "male", 2: "female", 3: "other sex"}}


def masked(ids: Iterable[int], language: str | None = None) -> dict[int, str]:
    """id -> `N. T. Lan, nữ, 1990`; ids that nobody has are left out. Needs no purpose: it identifies nobody."""
    words = SEX_WORDS["en" if (language or get_language() or "vi").startswith("en") else "vi"]
    wanted = set(ids)
    rows = Person.objects.filter(pk__in=wanted).only("name", "sex", "birth_year")  # scope: masked, of ids known
    return {row.pk: _masked(row, words) for row in rows}


def _masked(row: Person, words: dict[int, str]) -> str:
    sex = words[row.sex] if row.sex != Sex.OTHER else ""  # 3 is also "not told": nothing is said
    parts = (masked_name(row.name.open()), sex, row.birth_year)
    return ", ".join(str(part) for part in parts if part)


def reveal(ids: Iterable[int], *, by: Officer | System, purpose: str) -> dict[int, PersonOut]:
    """Names and numbers of people within the officer's scope; every look is recorded with its purpose.

    Who stands outside the scope is left out, and the attempt is recorded.
    Raises UserError `core.purpose-needed`, `people.not-allowed`.
    """
    require(by, Permission.PEOPLE_REVEAL)
    asked = set(ids)
    visible = visible_persons(by, Permission.PEOPLE_REVEAL).filter(pk__in=asked)
    rows = list(visible.prefetch_related("phones", "documents"))
    found = {row.pk for row in rows}
    audit.read(by=by, action="people:person:revealed", subjects=_subjects(found), purpose=purpose)
    audit.read(by=by, action="people:person:refused", subjects=_subjects(asked - found), purpose=purpose)
    return {row.pk: _plain(row) for row in rows}


def require(by: Officer | System | None, permission: str) -> None:
    """Raises UserError `people.not-allowed` where no assignment carries the permission."""
    if not grants_of(by, permission):
        raise UserError("people.not-allowed", permission=str(permission))


def _subjects(ids: Iterable[int]) -> list[str]:
    return [f"person:{person}" for person in sorted(ids)]


def _plain(row: Person) -> PersonOut:
    return PersonOut(
        id=row.pk,
        name=row.name.open(),
        sex=row.sex,
        birth_date=row.birth_date,
        birth_year=row.birth_year,
        nationality=row.nationality,
        phones=[phone.number.open() for phone in row.phones.all()],
        documents=[DocumentIn(d.kind, d.number.open(), d.country, d.verified) for d in row.documents.all()],
        commune_code=row.home_code,
        commune_scheme=row.home_scheme,
        address=row.address.open() if row.address else "",
    )


def search(
    text: str, *, by: Officer | System, purpose: str, birth_year: int | None = None, limit: int = 20
) -> list[Found]:
    """Candidates for a name (any order, with or without marks), a phone or a document number, masked, best first.

    The text itself is not recorded: it is a name. Raises UserError `core.purpose-needed`, `people.not-allowed`.
    """
    require(by, Permission.PEOPLE_SEARCH)
    visible = visible_persons(by, Permission.PEOPLE_SEARCH).filter(same_as=None)
    if birth_year:
        visible = visible.filter(birth_year=birth_year)
    scored = candidates_by_number(text, visible) or candidates_by_name(text, visible)
    best = sorted(scored, key=lambda item: (-item.score, item.id))[:limit]
    audit.record(
        by=by,
        action="people:person:searched",
        subject="person:many",
        purpose=_needed(purpose),
        details={"found": [item.id for item in best]},
    )
    shown = masked([item.id for item in best])
    return [Found(item.id, shown[item.id], item.score, item.why) for item in best]


def _needed(purpose: str) -> str:
    if not purpose.strip():
        raise UserError("core.purpose-needed", field="purpose")
    return purpose


def canonical(ids: Iterable[int]) -> dict[int, int]:
    """id -> the id that stands for it since records were joined."""
    rows = Person.objects.filter(pk__in=set(ids)).values_list("pk", "same_as")  # scope: numbers only
    return {pk: same_as or pk for pk, same_as in rows}


def contact_numbers(persons: Iterable[int]) -> dict[int, str]:
    """Person -> the number to reach them by (E.164), for messages that the house sends itself.

    The newest number that the numbering plan knows; nobody sees it, so no look is recorded here: the batch is.
    """
    rows = Phone.objects.filter(person__in=set(persons)).order_by("plausible", "pk")
    return {row.person_id: row.number.open() for row in rows}


def with_same_document(ids: Iterable[int]) -> dict[int, set[int]]:
    """id -> it and every record that holds one of its document numbers, looked at or only typed."""
    asked = set(ids)
    found = {one: {one} for one in asked}
    # scope: numbers only
    own = IdentityDocument.objects.filter(person__in=asked).values_list("person", "number_hash")
    holders: dict[bytes, set[int]] = {}
    for person, digest in own:
        holders.setdefault(bytes(digest), set()).add(person)
    # scope: numbers only
    alike = IdentityDocument.objects.filter(number_hash__in=list(holders)).values_list("person", "number_hash")
    for other, digest in alike:
        for person in holders[bytes(digest)]:
            found[person].add(other)
    return found


def home_paths(ids: Iterable[int]) -> dict[int, str]:
    """id -> the path of who looks after them; one who was registered at a gate has the path of that place."""
    # scope: numbers and paths only
    return dict(Person.objects.filter(pk__in=set(ids)).values_list("pk", "scope_path"))


def of_phone(digest: bytes) -> list[int]:
    """Records that hold a telephone, by its keyed hash, newest first; joined ones once."""
    # scope: numbers only
    rows = Phone.objects.filter(number_hash=digest).order_by("-pk").values_list("person", "person__same_as")
    return list(dict.fromkeys(same or person for person, same in rows))
