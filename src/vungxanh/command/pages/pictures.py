"""An approved message as files: poster, square, clip. A draft is not drawn: it could be passed on."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from vungxanh.command.clips import clip
from vungxanh.command.languages import names
from vungxanh.command.message_texts import slogans_of
from vungxanh.command.message_words import texts, words_of
from vungxanh.command.models import Message, MessageState
from vungxanh.command.pictures import Kind, picture
from vungxanh.core.scope import scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission

READ = (Permission.MESSAGE_DRAFT, Permission.MESSAGE_APPROVE, Permission.DISPATCH_ANSWER)
KINDS: dict[str, tuple[Kind, str]] = {
    "pdf": ("pdf", "application/pdf"),
    "png": ("png", "image/png"),
    "svg": ("svg", "image/svg+xml"),
}


def readable(request: HttpRequest, pk: int) -> Message:
    """A message of the officer's scope, or an approved one: those are for everybody."""
    mine = scoped(Message.objects.all(), officer_of(request))
    approved = Message.objects.filter(state=MessageState.APPROVED)  # scope: approved messages are for everybody
    return get_object_or_404(mine | approved, pk=pk)


def address_of(request: HttpRequest, row: Message) -> str:
    """Where anybody can check the message."""
    return request.build_absolute_uri(reverse("command:public", args=[row.pk]))


def dates_of(row: Message) -> str:
    until = f" – {row.ends:%d/%m/%Y}" if row.ends else ""
    return f"{row.starts:%d/%m/%Y}{until}"


def _approved(request: HttpRequest, pk: int) -> tuple[Message, str]:
    """The message and the language asked for, where that was written."""
    row, language = readable(request, pk), request.GET.get("lang", "vi")
    if row.state != MessageState.APPROVED:
        raise Http404
    written = language in {"vi", "en", *texts(row)} and language in {"vi", "en", *names("vi")}
    return row, language if written else "vi"


@officer_required(*READ)
def drawn(request: HttpRequest, pk: int, shape: str, suffix: str) -> HttpResponse:
    """`shape` a3 or square."""
    row, language = _approved(request, pk)
    if suffix not in KINDS:
        raise Http404
    kind, content_type = KINDS[suffix]
    entry = slogans_of(row.starts)
    made = picture(
        words_of(row, language),
        kind=kind,
        square=shape == "square",
        address=address_of(request, row),
        dates=dates_of(row),
        slogans=tuple(entry.get(language, ())) if entry else (),  # type: ignore[arg-type]
        drill=settings.DEMO,
    )
    return HttpResponse(made, content_type=content_type)


@officer_required(*READ)
def film(request: HttpRequest, pk: int) -> HttpResponse:
    """The clip."""
    row, language = _approved(request, pk)
    words = words_of(row, language)
    made = clip(words, address=address_of(request, row), dates=dates_of(row), drill=settings.DEMO)
    headers = {"Content-Disposition": f'inline; filename="thong-diep-{row.pk}.mp4"'}
    return HttpResponse(made, content_type="video/mp4", headers=headers)
