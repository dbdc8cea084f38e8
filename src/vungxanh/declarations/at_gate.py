"""Declarations as gates ask for them: is there a valid one, whose is this code, take the short form."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from vungxanh.declarations import identity
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.models import Declaration, Whom
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.declarations.signing import signing_key
from vungxanh.forms.catalogue import at_gate
from vungxanh.forms.declared import OnTheSpot
from vungxanh.people.queries import with_same_document


class GateDeclarations:
    """This room as `forms.declared` asks it."""

    name = "declarations"

    def public_keys(self) -> Iterable[ec.EllipticCurvePublicKey]:
        return [signing_key().public_key()]

    def person_of(self, body: Mapping[str, Any]) -> int | None:
        """`d` is the number of the declaration; one that was withdrawn is nobody's."""
        number = body.get("d")
        if not isinstance(number, int):
            return None
        # scope: the code's holder shows it
        return Declaration.objects.filter(pk=number, withdrawn_at=None).values_list("person", flat=True).first()

    def given(self, persons: Iterable[int], at: datetime) -> dict[int, datetime]:
        """A declaration counts for every record of the same document: who is who is judged later."""
        alike = with_same_document(persons)
        # scope: a yes or no of a person who stands at the gate
        rows = Declaration.objects.filter(
            person__in={one for group in alike.values() for one in group},
            withdrawn_at=None,
            corrected_by=None,
            given_at__lte=at,
            valid_until__gt=at,
        ).values_list("person", "given_at")
        newest: dict[int, datetime] = {}
        for person, when in rows:
            newest[person] = max(when, newest.get(person, when))
        found = {asked: [newest[one] for one in group if one in newest] for asked, group in alike.items()}
        return {asked: max(times) for asked, times in found.items() if times}

    def take(self, declared: OnTheSpot) -> None:
        form = at_gate(timezone.localdate(declared.at))
        asked = {question.id for question in form.questions}
        answers = {key: value for key, value in declared.answers.items() if key in asked}
        new = NewDeclaration(
            form=form,
            answers=identity.known(form, declared.person) | answers,
            whom=Whom.OTHER,
            channel=Declaration.Channel.PAPER if declared.paper else Declaration.Channel.DESK,
            sender=declared.sender,
            given_at=declared.at,
            person=declared.person,
            scope_path=declared.scope_path,
        )
        declare(new=new, by=None)
