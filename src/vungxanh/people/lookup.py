"""Finding people without a readable index: candidates by keyed hashes, then decrypted and scored."""

import re
from collections.abc import Iterable

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz

from vungxanh.codes import phone as phone_codes
from vungxanh.core.vault import keyed_number
from vungxanh.core.vietnamese import toned
from vungxanh.people.documents import SHAPES, hash_of
from vungxanh.people.models import Person
from vungxanh.people.names import folded_words, initials, trigrams
from vungxanh.people.register import phone_hash
from vungxanh.people.schemas import DocumentIn, Found

#: candidates decrypted for one search: enough for a common name in a commune, few enough to stay quick
MOST_CANDIDATES = 300
#: below this likeness (0-100) a name is not shown
LEAST_SCORE = 60.0
_NUMBER = re.compile(r"[A-Za-z]{0,2}[\d\s.\-+()]{5,}")


def candidates_by_number(text: str, visible: "QuerySet[Person]") -> list[Found]:
    """People with this phone or document number, exactly."""
    if not _NUMBER.fullmatch(text.strip()):
        return []
    found = [Found(pk, "", 100.0, "document") for pk in _by_document(text, visible)]
    phone = phone_codes.parse_or_none(text)
    if phone:
        rows = visible.filter(phones__number_hash=phone_hash(phone.e164)).distinct()
        found += [Found(pk, "", 100.0, "phone") for pk in rows.values_list("pk", flat=True)[:MOST_CANDIDATES]]
    return list({item.id: item for item in found}.values())


def _by_document(text: str, visible: "QuerySet[Person]") -> Iterable[int]:
    number = re.sub(r"[\s.\-]", "", text).upper()
    kinds = [kind for kind, shape in SHAPES.items() if shape.fullmatch(number)]
    hashes = [hash_of(DocumentIn(kind, number)) for kind in kinds]
    return visible.filter(documents__number_hash__in=hashes).distinct().values_list("pk", flat=True)


def candidates_by_name(text: str, visible: "QuerySet[Person]") -> list[Found]:
    """People whose name is like the text: all its words, else its initials, else most of its trigrams."""
    words = folded_words(text)
    for net in _nets(words, visible) if words else ():
        scored = [Found(row.pk, "", score_of(text, row.name.open()), "name") for row in net[:MOST_CANDIDATES]]
        likely = [item for item in scored if item.score >= LEAST_SCORE]
        if likely:
            return likely
    return []


def _nets(words: list[str], visible: "QuerySet[Person]") -> Iterable["QuerySet[Person]"]:
    """Exact words first; a wider net is cast only where the narrower one caught nothing."""
    rows = visible.only("name")
    yield rows.filter(name_syllables__contains=[keyed_number("syllable", word) for word in words])
    letters = "".join(words) if all(len(word) == 1 for word in words) else initials(words)
    yield rows.filter(name_initials__contains=[keyed_number("initials", letters)])
    pieces = [keyed_number("trigram", piece) for piece in sorted(trigrams(words))]
    yield rows.filter(name_trigrams__overlap=pieces).annotate(shared=_shared(pieces)).order_by("-shared")


def _shared(pieces: list[int]) -> RawSQL:
    """How many trigrams a name shares with the text."""
    sql = "cardinality(ARRAY(SELECT unnest(people_person.name_trigrams) INTERSECT SELECT unnest(%s::bigint[])))"
    return RawSQL(sql, [pieces], output_field=IntegerField())  # noqa: S611  no text of a user in the SQL


def score_of(asked: str, name: str) -> float:
    """0-100. Words in any order without marks make up to 95; the same marks and the same order the rest."""
    asked_words, words = folded_words(asked), folded_words(name)
    if _abbreviates(asked_words, words):
        return 85.0
    plain = fuzz.token_sort_ratio(" ".join(asked_words), " ".join(words))
    part = 0.9 * fuzz.token_set_ratio(" ".join(asked_words), " ".join(words))
    same_marks = fuzz.token_sort_ratio(toned(asked), toned(name)) / 100
    return round(0.95 * max(plain, part) + 5 * same_marks, 1)


def _abbreviates(asked: list[str], words: list[str]) -> bool:
    """`n t lan` for `nguyen thi lan`: every word or its first letter, at least one of them shortened."""
    return (
        len(asked) == len(words)
        and asked != words
        and all(short in (word, word[0]) for short, word in zip(asked, words, strict=True))
    )
