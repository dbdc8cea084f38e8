"""A place's criteria and its checklist on paper, in the language of the page."""

from importlib import resources
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from vungxanh.exchange.pdf import render
from vungxanh.places.models import Place
from vungxanh.rules.answers import item_max
from vungxanh.rules.criteria import Band, CriteriaSet
from vungxanh.rules.duties import duties
from vungxanh.safetymap.queries import sets_for
from vungxanh.safetymap.shown import local

#: what the template draws as an empty box
BOX = "[]"


def criteria_sheet(place: Place) -> bytes:
    """A4 PDF: every complete set for the kind of place, an authority's first, with bands and their meaning."""
    sheets = [_criteria(one, place.kind) for one in sets_for(place.kind)]
    if not sheets:
        nothing = _(
            "No complete set of criteria exists for this kind of place. An administrator can complete one."
        )
        return _paper(_("Criteria"), place, nothing, [], [])
    return _paper(_("Criteria"), place, _("What the place is judged by."), sheets, [])


def checklist(place: Place) -> bytes:
    """A4 PDF to tick: what the kind of place owes, then each criterion of the set that comes first."""
    sheets = [_owed(place.kind)] if duties(place.kind) else []
    sheets += [_to_tick(one, place.kind) for one in sets_for(place.kind)[:1]]
    return _paper(
        _("Checklist"), place, _("Tick what is there; mend what is not."), sheets, [_("Date"), _("Name")]
    )


def _paper(title: str, place: Place, about: str, sheets: list[dict[str, Any]], signed: list[str]) -> bytes:
    shown = f"{place.name} · VX-{place.pk}"
    values = {"title": title, "place": shown, "about": about, "sheets": sheets, "signed": signed}
    template = (resources.files("vungxanh.safetymap") / "kit.typ").read_text("utf-8")
    return render(template, values, drill=settings.DEMO)


def _criteria(criteria: CriteriaSet, kind: str) -> dict[str, Any]:
    return {
        "title": local(criteria.name.model_dump()),
        "source": criteria.basis.doc,
        "widths": [0, 1, 0],
        "heads": ["", _("Criterion"), _("Answer")],
        "rows": [[str(one), _text(criteria, one), _answer(criteria, one)] for one in criteria.asked_of(kind)],
        "notes": [_meaning(band) for band in criteria.bands],
    }


def _to_tick(criteria: CriteriaSet, kind: str) -> dict[str, Any]:
    return {
        "title": local(criteria.name.model_dump()),
        "source": criteria.basis.doc,
        "widths": [0, 1, 0],
        "heads": ["", _("Criterion"), ""],
        "rows": [[str(one), _text(criteria, one), BOX] for one in criteria.asked_of(kind)],
        "notes": [],
    }


def _owed(kind: str) -> dict[str, Any]:
    return {
        "title": _("What the place owes"),
        "source": "",
        "widths": [1, 0],
        "heads": [_("Owed"), ""],
        "rows": [[local(duty.name.model_dump()), BOX] for duty in duties(kind)],
        "notes": [],
    }


def _text(criteria: CriteriaSet, number: int) -> str:
    item = criteria.item(number)
    return local({"vi": item.vi, "en": item.en})


def _answer(criteria: CriteriaSet, number: int) -> str:
    most = item_max(criteria, criteria.item(number))
    if criteria.scoring == "pass":
        return _("yes or no")
    return _("0 to %(most)s") % {"most": most} if most is not None else _("points")


def _meaning(band: Band) -> str:
    """`Đạt: từ 90 %` and what follows from it."""
    action = local(band.action.model_dump()) if band.action else ""
    return f"{local(band.name.model_dump())}: {_span(band)}. {action}".strip()


def _span(band: Band) -> str:
    unit = " %" if band.unit == "percent" else ""
    end = band.below if band.to is None else band.to
    words = {"low": f"{band.from_:g}{unit}", "high": f"{end or 0:g}{unit}"}
    if end is None:
        return _("from %(low)s") % words
    if band.to is not None:
        return _("%(low)s to %(high)s") % words
    return _("from %(low)s to below %(high)s") % words
