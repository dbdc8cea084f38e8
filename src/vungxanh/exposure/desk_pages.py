"""Officers' pages beside the codes: lists, where a key is, inviting somebody to share, machines, wearables."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.core.scope import grants_of, scoped
from vungxanh.exposure import actions, gateway_actions, queries, share_actions, wearable_actions
from vungxanh.exposure.codec.key_json import key_bytes
from vungxanh.exposure.desk_forms import FeedForm, HandOverForm, KeyForm, ListForm, PersonForm, PublishForm
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import CodeList, Feed, Wearable
from vungxanh.exposure.schemas import CodeAsked
from vungxanh.exposure.tokens import grouped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, search
from vungxanh.people.roles import Permission
from vungxanh.places.models import Place

CODE, MANAGE = Permission.EXPOSURE_CODE, Permission.EXPOSURE_MANAGE


def refuse(form: forms.Form, error: UserError) -> None:
    """The refusal beside the field that it names."""
    form.add_error(error.field if error.field in form.fields else None, error.text(get_language() or "vi"))


def path_of(officer: Officer, permission: Permission) -> str:
    """The narrowest area for which the officer holds a permission."""
    return max((grant.path for grant in grants_of(officer, permission)), key=len, default="/")


@never_cache
@officer_required(CODE)
def lists(request: HttpRequest) -> HttpResponse:
    """Ask for codes of many cases; lists that wait for a second officer."""
    form, officer = ListForm(request.POST or None), officer_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            cases = [CodeAsked(case, onset) for case, onset in form.cleaned_data["cases"]]
            actions.ask_codes(cases=cases, by=officer)
        except UserError as exc:
            refuse(form, exc)
        else:
            messages.success(request, _("Asked. A second officer has to agree."))
            return redirect("exposure:lists")
    waiting = scoped(CodeList.objects.filter(agreed_at=None).order_by("asked_at"), officer, CODE)
    return render(request, "exposure/lists.html", {"form": form, "waiting": waiting, "officer": officer})


@require_POST
@officer_required(CODE)
def agree_list(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Agree to a list as a second officer; its codes are shown once."""
    officer = officer_of(request)
    if not scoped(CodeList.objects.filter(batch=batch), officer, CODE).exists():
        return redirect("exposure:lists")
    try:
        issued = actions.agree_codes(batch=batch, by=officer)
    except UserError as exc:
        messages.error(request, exc.text(get_language() or "vi"))
        return redirect("exposure:lists")
    rows = [{"case": case, "short": grouped(code.short), "long": grouped(code.long)} for case, code in issued]
    return render(request, "exposure/list_codes.html", {"rows": rows})


@never_cache
@officer_required(CODE)
def key(request: HttpRequest) -> HttpResponse:
    """Why is a key not in a file?"""
    form, story = KeyForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            data = key_bytes(form.cleaned_data["key"].strip())
            story = queries.explain(data, now=int(timezone.now().timestamp()), limits=limits().export)
        except UserError as exc:
            refuse(form, exc)
    why = None if story is None else story.reason["en" if (get_language() or "vi").startswith("en") else "vi"]
    at = None if story is None or story.published_from is None else _moment(story.published_from)
    return render(request, "exposure/key.html", {"form": form, "story": story, "why": why, "at": at})


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.get_current_timezone())


@never_cache
@officer_required(Permission.PEOPLE_SEARCH)
def invite(request: HttpRequest) -> HttpResponse:
    """Give somebody who was warned and called a code, by which they may share encounters from their device."""
    form, officer, found = PersonForm(request.POST or None), officer_of(request), None
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        purpose = "share encounters"
        found = search(form.cleaned_data["q"], by=officer, purpose=purpose)
        chosen = next((one for one in found if str(one.id) == request.POST.get("person")), None)
        if chosen is not None:
            path = path_of(officer, Permission.PEOPLE_SEARCH)
            made = share_actions.invite(person=chosen.id, by=officer, scope_path=path)
            context |= {"made": made, "code": grouped(made.code), "name": chosen.masked}
            return render(request, "exposure/invited.html", context)
    return render(request, "exposure/invite.html", {**context, "found": found})


@never_cache
@officer_required(MANAGE)
def machines(request: HttpRequest) -> HttpResponse:
    """Gateways and laboratories that may send."""
    form, officer, token = FeedForm(request.POST or None), officer_of(request), ""
    if request.method == "POST" and form.is_valid():
        try:
            token = _add(form, officer)
            form = FeedForm()
        except UserError as exc:
            refuse(form, exc)
    rows = scoped(Feed.objects.filter(retired_at=None).order_by("-pk"), officer, MANAGE)
    return render(request, "exposure/machines.html", {"form": form, "token": token, "rows": rows})


def _add(form: FeedForm, officer: Officer) -> str:
    data = form.cleaned_data
    path, place = path_of(officer, MANAGE), data["place"]
    if place is not None:
        found = scoped(Place.objects.filter(pk=place), officer, MANAGE).first()
        if found is None:
            raise UserError("exposure.gateway-needs-place", field="place")
        path = found.scope_path
    kind = Feed.Kind(data["kind"])
    return gateway_actions.add_feed(kind=kind, name=data["name"], place=place, by=officer, scope_path=path)[1]


@require_POST
@officer_required(MANAGE)
def retire(request: HttpRequest, feed: int) -> HttpResponse:
    """A machine may send no more."""
    officer = officer_of(request)
    if scoped(Feed.objects.filter(pk=feed), officer, MANAGE).exists():
        gateway_actions.retire_feed(feed=feed, by=officer)
    return redirect("exposure:machines")


@never_cache
@officer_required(Permission.PEOPLE_REGISTER)
def wearables(request: HttpRequest) -> HttpResponse:
    """Hand a beacon over to somebody without a phone: scan its card and the person's."""
    form, officer = HandOverForm(request.POST or None), officer_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            person = _wearer(form.cleaned_data["q"], officer)
            path = path_of(officer, Permission.PEOPLE_REGISTER)
            gateway_actions.hand_over(card=form.cleaned_data["card"], person=person, by=officer, scope_path=path)
        except UserError as exc:
            refuse(form, exc)
        else:
            messages.success(request, _("The beacon is handed over."))
            return redirect("exposure:wearables")
    rows = list(scoped(Wearable.objects.filter(returned_at=None).order_by("-pk"), officer)[:50])
    names = masked(row.person for row in rows)
    for row in rows:
        row.name = names.get(row.person, str(row.person))  # type: ignore[attr-defined]
    context = {"form": form, "rows": rows, "may_publish": officer.may(CODE)}
    return render(request, "exposure/wearables.html", context)


def _wearer(text: str, officer: Officer) -> int:
    """The one person whose document or telephone number this is. Raises UserError `exposure.no-such-person`."""
    found = [one for one in search(text, by=officer, purpose="hand over a beacon") if one.why != "name"]
    if len(found) != 1:
        raise UserError("exposure.no-such-person", field="q")
    return found[0].id


@require_POST
@officer_required(Permission.PEOPLE_REGISTER)
def returned(request: HttpRequest, wearable: int) -> HttpResponse:
    """A beacon came back."""
    officer = officer_of(request)
    if scoped(Wearable.objects.filter(pk=wearable), officer).exists():
        gateway_actions.take_in(wearable=wearable, by=officer)
    return redirect("exposure:wearables")


@never_cache
@officer_required(CODE)
def publish_wearable(request: HttpRequest, wearable: int) -> HttpResponse:
    """The wearer is ill and agrees: the keys of the chosen days are published as from a telephone."""
    officer, now = officer_of(request), timezone.now()
    row = get_object_or_404(scoped(Wearable.objects.all(), officer, CODE), pk=wearable)
    days = [wearable_actions.utc_day(key) for key in wearable_actions.keys_worn(row, now)]
    form = PublishForm(request.POST or None, days=days)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = {"case_id": data["case_id"], "onset": data["onset"], "days": data["days"]}
        try:
            done = wearable_actions.publish_worn(wearable=row, by=officer, now=now, **asked)
        except UserError as exc:
            refuse(form, exc)
        else:
            return render(request, "exposure/published_wearable.html", {"done": done})
    name = masked([row.person]).get(row.person, "")
    return render(request, "exposure/publish_wearable.html", {"form": form, "wearable": row, "name": name})
