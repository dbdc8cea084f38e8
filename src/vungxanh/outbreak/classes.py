"""F0, F1, F2 …: worked out from who was infected by whom and who is a case now; never typed."""

from collections.abc import Collection, Iterable, Mapping

from vungxanh.outbreak.models import Case, Contact
from vungxanh.tracing.model import Certainty


def class_of(path: Iterable[int], cases: Collection[int]) -> int:
    """Steps from the last person on the path who is a case. `(1, 2, 3)`: F2 of 1; F1 as soon as 2 is a case."""
    chain = list(path)
    steps = [len(chain) - 1 - position for position, person in enumerate(chain) if person in cases]
    return min(steps, default=len(chain) - 1)


def classes(persons: Collection[int], disease: str, *, called: bool = False) -> Mapping[int, int]:
    """Person -> class today; who is nothing is left out. Withdrawing a case turns its contacts back.

    `called`: only who may be called F1, F2, …, which nobody is by a link that is only probable.
    """
    wanted = set(persons)
    # scope: classes of persons in hand
    links = Contact.objects.filter(person__in=wanted, case__disease=disease).exclude(status=Contact.Status.DROPPED)
    links = links.exclude(case__status=Case.Status.WITHDRAWN)
    if called:
        links = links.exclude(certainty=Certainty.PROBABLE)
    paths = list(links.values_list("person", "path"))
    sick = _cases({person for _, path in paths for person in path} | wanted, disease)
    found: dict[int, int] = {}
    for person, path in paths:
        found[person] = min(found.get(person, len(path)), class_of(path, sick))
    return found | dict.fromkeys(sick & wanted, 0)


def _cases(persons: Collection[int], disease: str) -> set[int]:
    # scope: classes of persons in hand
    rows = Case.objects.filter(person__in=persons, disease=disease).exclude(status=Case.Status.WITHDRAWN)
    return set(rows.values_list("person", flat=True))
