"""The communes that the district is made of: real names and codes of today."""

from dataclasses import dataclass

from vungxanh.core.errors import OperatorError
from vungxanh.demo.parameters import Parameters
from vungxanh.places.schemas import commune, today
from vungxanh.places.table import Unit
from vungxanh.places.units import children


@dataclass(frozen=True, slots=True)
class Home:
    """A commune of the district and the path under which its rows stand."""

    unit: Unit
    path: str


def homes(chosen: Parameters) -> list[Home]:
    """Raises OperatorError `demo.commune-gone` when a name of `parameters.toml` is no commune any more."""
    known = {unit.name: unit for unit in children(chosen.district["province"], today())}
    return [_home(name, known) for name in chosen.district["communes"]]


def _home(name: str, known: dict[str, Unit]) -> Home:
    if name not in known:
        raise OperatorError("demo.commune-gone", name=name)
    return Home(known[name], commune(known[name].code, None).path)
