"""What anybody may see of messages: the page to check one against, a frame for other sites, the feed."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from vungxanh.command.languages import names
from vungxanh.command.message_words import texts, words_of
from vungxanh.command.models import Message, MessageState
from vungxanh.command.pages.pictures import address_of
from vungxanh.people.models import Organisation

anywhere = csp_replace({"frame-ancestors": ["*"]})


def _shown(pk: int) -> Message:
    shown = Message.objects.exclude(state=MessageState.DRAFT)  # scope: approved messages are for everybody
    return get_object_or_404(shown, pk=pk)


def in_force() -> "list[Message]":
    """Approved messages of today, the newest first."""
    today = timezone.localdate()
    shown = Message.objects.filter(state=MessageState.APPROVED)  # scope: approved messages are for everybody
    return list(shown.filter(starts__lte=today).exclude(ends__lt=today).order_by("-approved_at")[:50])


def public(request: HttpRequest, pk: int) -> HttpResponse:
    """Anybody's page of an approved message. A withdrawn one says so and no more."""
    row = _shown(pk)
    written, known = texts(row), names(get_language() or "vi")
    language = request.GET.get("lang", "")
    chosen = language if language in written else get_language() or "vi"
    context = {
        "message": row,
        "words": words_of(row, chosen),
        "chosen": chosen,
        "writer": written.get(chosen),
        "others": [(code, known.get(code, code)) for code in written],
    }
    return render(request, "command/public.html", context)


@anywhere  # type: ignore[arg-type]  # its stub knows no address parts
@xframe_options_exempt
def embed(request: HttpRequest, pk: int) -> HttpResponse:
    """ "This office asks you to scan because …": may stand in a frame of the office's own site."""
    row = _shown(pk)
    office = request.GET.get("office", "")
    found = Organisation.objects.filter(pk=office).first() if office.isdecimal() else None
    context = {
        "message": row,
        "words": words_of(row, get_language() or "vi"),
        "office": found.name if found else "",
        "address": address_of(request, row),
    }
    return render(request, "command/embed.html", context)


def feed(request: HttpRequest) -> HttpResponse:
    """RSS of messages in force today."""
    rss = Rss201rev2Feed(
        title=_("Messages"),
        link=request.build_absolute_uri("/"),
        description=_("Approved messages in force today."),
    )
    for row in in_force():
        rss.add_item(
            title=row.title,
            link=address_of(request, row),
            description=row.do,
            pubdate=row.approved_at,
            unique_id=address_of(request, row),
        )
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
