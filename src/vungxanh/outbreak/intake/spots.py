"""Outbreak spots by their names: found or made."""

from collections.abc import Iterable

from vungxanh.core.vietnamese import fold
from vungxanh.outbreak.models import Spot
from vungxanh.people.models import Officer


def spots(by: Officer, disease: str, names: Iterable[str], path: str) -> dict[str, int]:
    """Name -> spot. `Chợ Thái` and `CHO THAI` are one."""
    wanted = {name: fold(name)[:200] for name in names}
    if not wanted:
        return {}
    Spot.objects.bulk_create(
        [
            Spot(name=name, name_key=key, disease=disease, scope_path=path, scope_sector="health", made_by=by.pk)
            for name, key in wanted.items()
        ],
        ignore_conflicts=True,
    )
    known = Spot.objects  # scope: the area that the import lies in
    rows = known.filter(name_key__in=wanted.values(), disease=disease, scope_path=path)  # scope: the officer's
    numbers = dict(rows.values_list("name_key", "pk"))
    return {name: numbers[key] for name, key in wanted.items()}
