"""What an officer hands over: a case before it is one, and the question put to the engine."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from vungxanh.core.errors import UserError


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case before it is opened. Needs an onset day or a sample day."""

    person: int
    onset: date | None = None
    onset_provenance: str = ""
    sampled: date | None = None
    symptoms: tuple[str, ...] = ()
    isolated_at: datetime | None = None
    disease: str = "covid19"
    status: str = "confirmed"

    def check(self) -> None:
        """Raises UserError `outbreak.day-needed`, `outbreak.day-to-come`, `outbreak.provenance-needed`."""
        if self.onset is None and self.sampled is None:
            raise UserError("outbreak.day-needed", field="onset")
        check_day("onset", self.onset)
        check_day("sampled", self.sampled)
        check_provenance(self.onset, self.onset_provenance)


def check_day(field: str, day: date | None) -> None:
    """A day that has come; nobody falls ill tomorrow, and 1900 is a typing mistake."""
    if day is not None and not date(2000, 1, 1) <= day <= timezone.localdate():
        raise UserError("outbreak.day-to-come", field=field, day=day)


def check_provenance(onset: date | None, provenance: str) -> None:
    if onset is not None and not provenance:
        raise UserError("outbreak.provenance-needed", field="onset_provenance")


@dataclass(frozen=True, slots=True)
class Question:
    """How the officer asks: rule (empty: the one in force), generations, and least minutes together on top."""

    rule: str = ""
    generations: int = 2
    least_minutes: int = 0

    @property
    def is_plain(self) -> bool:
        """As the rule in force says, nothing changed."""
        return not self.rule and not self.least_minutes
