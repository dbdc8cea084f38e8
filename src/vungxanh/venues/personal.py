"""What a gate reads besides our own cards: layouts that were completed here, signers whose certificates count."""

from functools import cache
from pathlib import Path

from vungxanh.codes import trust
from vungxanh.codes.template import Template
from vungxanh.codes.trust import TrustList
from vungxanh.core.home import home
from vungxanh.venues.models import CodeTemplate

#: a personal code on a telephone changes every half minute
PERSON_EVERY = 30


def templates() -> tuple[Template, ...]:
    """Active layouts, the oldest first; asked once for each list of records."""
    return tuple(as_template(one) for one in CodeTemplate.objects.filter(active=True).order_by("pk"))


def as_template(one: CodeTemplate) -> Template:
    return Template(one.name, one.separator, tuple(one.fields), one.prefix, one.purpose == "declaration")


def trusted() -> TrustList:
    """Signers in the folder `trust` of the state directory; none where there is no such folder."""
    folder = home() / "trust"
    return _loaded(folder, folder.stat().st_mtime) if folder.is_dir() else TrustList()


@cache
def _loaded(folder: Path, _changed: float) -> TrustList:
    return trust.load(folder)
