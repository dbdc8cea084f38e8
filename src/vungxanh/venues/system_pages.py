"""A keeper's own systems: readers without a browser, addresses that are told how full the place is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vungxanh.core.errors import UserError
from vungxanh.venues import actions, webhooks
from vungxanh.venues.forms import say
from vungxanh.venues.officer_forms import digits_of
from vungxanh.venues.pages import keeper_required, own_venue


@keeper_required
def systems(request: HttpRequest, number: int) -> HttpResponse:
    """A token for a reader, addresses for events; a secret is shown once."""
    venue = own_venue(request, number)
    shown: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if request.POST.get("reader"):
                _gate, token = actions.open_gate(by=None, venue=venue, place=venue.place, name=_("Reader"))
                shown["token"] = token
            elif request.POST.get("stop"):
                hook = venue.webhooks.filter(pk=digits_of(request.POST["stop"]), stopped_at=None).first()
                if hook:
                    webhooks.stop(by=None, webhook=hook)
                return redirect("venues:systems", venue.pk)
            else:
                shown["secret"] = webhooks.add(by=None, venue=venue, url=request.POST.get("url", ""))[1]
        except UserError as error:
            messages.error(request, say(error))
    hooks = [{"row": hook, "last": hook.deliveries.order_by("-pk").first()} for hook in _hooks(venue)]
    context = {"venue": venue, "place": venue.place, "hooks": hooks, "base": request.build_absolute_uri("/")}
    return render(request, "venues/systems.html", context | shown)


def _hooks(venue: Any) -> list[Any]:
    return list(venue.webhooks.filter(stopped_at=None).order_by("pk"))
