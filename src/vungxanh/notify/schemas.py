"""What crosses the door of `notify`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vungxanh.core.scope import ANY_PATH, Sector
from vungxanh.notify.interface import Channel

Values = Mapping[str, str]


@dataclass(frozen=True)
class BatchIn:
    """One text to many. `{code}` in it is filled from the recipient's values.

    `persons` are asked for their address when it leaves; `addresses` are given (an e-mail of an office, a
    browser's subscription). `citizen=False` is for officers and organisations: the rules of citizens' phones do
    not bind it.
    """

    channel: Channel
    text: str
    source: str
    subject: str = ""
    persons: Sequence[int] = ()
    addresses: Sequence[str] = ()
    values: Mapping[int | str, Values] = field(default_factory=dict)
    citizen: bool = True
    scope_path: str = ANY_PATH
    scope_sector: str = Sector.HEALTH


@dataclass(frozen=True)
class Estimate:
    """What sending would cost and take, shown before it is ordered."""

    messages: int
    parts: int
    cost: int
    seconds: int
    provider: str
    left_today: int
    #: days until the last leaves, by the day's quota; 0: all leave today
    days: int = 0


@dataclass
class Sent:
    """What one round of delivering did."""

    sent: int = 0
    failed: int = 0
    later: int = 0
    uncertain: int = 0
    cost: int = 0
