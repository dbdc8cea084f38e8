"""Officers' pages of lists: in from others, out to others, their receipts and answers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vungxanh.core.errors import UserError, message
from vungxanh.core.scope import scoped
from vungxanh.declarations import imports, list_actions, outcome_files, transfers
from vungxanh.declarations.models import ListIn, ListOut, ListOutRow
from vungxanh.exchange.bounds import LARGEST_FILE
from vungxanh.exchange.safe import Value
from vungxanh.exchange.xlsx import Column, Sheet, write
from vungxanh.forms.rendering import language
from vungxanh.people.access import OfficerRequest, officer_required
from vungxanh.people.models import MatchCandidate, Officer
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission
from vungxanh.people.scope import visible_persons
from vungxanh.work.models import WorkEvent
from vungxanh.work.queries import open_items

MOST = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = {
    "name": "Họ và tên",
    "birth_year": "Năm sinh",
    "sex": "Giới tính",
    "address": "Địa chỉ",
    "commune": "Mã xã",
    "phone": "Điện thoại",
    "from_place": "Về từ đâu, khi nào, bằng gì",
    "arrived": "Ngày đến",
}
MISSED = ("not-home", "no-answer", "wrong-number")


def _said(text: Any) -> str:
    return str(text.vi if language() == "vi" else text.en)


def _home(officer: Officer) -> str:
    """The area that a list belongs to: where the officer's own assignment lies."""
    paths = [grant.path for grant in officer.grants() if Permission.DECLARATION_READ in grant.permissions]
    return max(paths, key=len, default="/")


@require_GET
@officer_required(Permission.DECLARATION_READ)
def index(request: OfficerRequest) -> HttpResponse:
    """What came in and what went out, newest first."""
    came = scoped(ListIn.objects.all(), request.officer, Permission.DECLARATION_READ).order_by("-pk")[:100]
    went = scoped(ListOut.objects.all(), request.officer, Permission.DECLARATION_READ).order_by("-pk")[:100]
    counted = came.annotate(
        taken=Count("rows", filter=Q(rows__state="taken")),
        known=Count("rows", filter=Q(rows__state="known")),
        refused=Count("rows", filter=Q(rows__state="refused")),
    )
    context = {
        "came": [{"row": one, "source": _said(transfers.sources()[one.source])} for one in counted],
        "went": [{"row": one, "to": _said(transfers.recipients()[one.recipient].name)} for one in went],
        "sources": [(key, _said(text)) for key, text in transfers.sources().items()],
        "recipients": [(key, _said(one.name)) for key, one in transfers.recipients().items()],
        "doubles": _doubles(request.officer).count() if request.officer.may(Permission.PEOPLE_JUDGE) else 0,
    }
    return render(request, "declarations/lists.html", context)


@require_POST
@officer_required(Permission.PEOPLE_REGISTER)
def take(request: OfficerRequest) -> HttpResponse:
    """A file, or one person told by telephone; every line gets its answer."""
    source, giver = request.POST.get("source", ""), request.POST.get("giver", "").strip()
    today, file = timezone.localdate(), request.FILES.get("file")
    if file is not None:
        content = file.read()
        lines = imports.lines(content, today)
    else:
        told = {name: request.POST.get(name, "") for name in imports.FIELDS}
        content = repr(sorted(told.items())).encode() + today.isoformat().encode()
        lines = [imports.line(1, told, "ymd", today)]
        if lines[0].fault:
            raise UserError(lines[0].fault, field=lines[0].column)
    row = list_actions.take_list(
        source=source,
        giver=giver,
        content=content,
        lines=lines,
        scope_path=_home(request.officer),
        by=request.officer,
    )
    return redirect("declarations:list-in", number=row.pk)


@require_GET
@officer_required(Permission.DECLARATION_READ)
def list_in(request: OfficerRequest, number: int) -> HttpResponse:
    """Line by line: taken, somebody we may have already, or refused with the reason."""
    row = scoped(ListIn.objects.filter(pk=number), request.officer, Permission.DECLARATION_READ).first()
    if row is None:
        raise Http404
    page = Paginator(row.rows.order_by("line"), 200).get_page(request.GET.get("page"))
    names = masked([one.person for one in page if one.person], language())
    lines = [
        {
            "line": one.line,
            "state": one.state,
            "person": names.get(one.person or 0, ""),
            "why": message(one.code, language()) if one.code else "",
            "column": one.column,
        }
        for one in page
    ]
    context = {"row": row, "source": _said(transfers.sources()[row.source]), "lines": lines, "page": page}
    return render(request, "declarations/list_in.html", context)


@require_http_methods(["GET", "POST"])
@officer_required(Permission.PEOPLE_REVEAL)
def send(request: OfficerRequest) -> HttpResponse:
    """Choose who, which fields and on what basis; the list gets a number."""
    recipient = transfers.recipients().get(request.GET.get("to", request.POST.get("to", "police")))
    if recipient is None:
        raise Http404
    rows = list(open_items(request.officer).filter(kind="returnee.visit").order_by("due")[:MOST])
    missed = set(
        WorkEvent.objects.filter(item__in=[one.pk for one in rows], outcome__in=MISSED).values_list(
            "item", flat=True
        )
    )
    if request.method == "POST":
        chosen = {int(pk) for pk in request.POST.getlist("item") if pk.isdecimal()}
        row = list_actions.send_list(
            recipient=recipient.key,
            recipient_name=request.POST.get("recipient_name", ""),
            basis=request.POST.get("basis", ""),
            fields=request.POST.getlist("fields"),
            items={one.pk: one.person for one in rows if one.pk in chosen and one.person},
            scope_path=_home(request.officer),
            by=request.officer,
        )
        return redirect("declarations:list-out", number=row.pk)
    names = masked([one.person for one in rows if one.person], language())
    context = {
        "to": recipient.key,
        "to_name": _said(recipient.name),
        "purpose": _said(recipient.purpose),
        "basis": transfers.basis(),
        "fields": [(name, HEADS[name]) for name in recipient.fields],
        "rows": [
            {"item": one, "person": names.get(one.person or 0, ""), "missed": one.pk in missed}
            for one in rows
            if one.person
        ],
    }
    return render(request, "declarations/list_send.html", context)


def _out(request: OfficerRequest, number: int) -> ListOut:
    row = scoped(ListOut.objects.filter(pk=number), request.officer, Permission.DECLARATION_READ).first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
@officer_required(Permission.DECLARATION_READ)
def list_out(request: OfficerRequest, number: int) -> HttpResponse:
    """One list that left: its number, basis, fields, receipt, and what came back of each."""
    row = _out(request, number)
    if request.method == "POST" and request.POST.get("receipt", "").strip():
        list_actions.acknowledge_list(row=row, name=request.POST["receipt"].strip(), by=request.officer)
        return redirect("declarations:list-out", number=number)
    lines = list(row.rows.order_by("line"))
    names = masked([one.person for one in lines], language())
    context = {
        "row": row,
        "to": _said(transfers.recipients()[row.recipient].name),
        "heads": [HEADS[name] for name in row.fields],
        "received_by": row.received_by.open() if row.received_by else "",
        "lines": [{"one": one, "person": names.get(one.person, "")} for one in lines],
        "outcomes": _outcomes(),
        "may_answer": request.officer.may(Permission.WORK_ACT),
    }
    return render(request, "declarations/list_out.html", context)


def _outcomes() -> list[tuple[str, str]]:
    return [("found", _("Found")), ("moved", _("Moved away")), ("not-found", _("Not found"))]


@require_GET
@officer_required(Permission.PEOPLE_REVEAL)
def download(request: OfficerRequest, number: int) -> HttpResponse:
    """The list as a workbook, with its number and its basis on top; each look is recorded."""
    row = _out(request, number)
    lines = list_actions.outgoing(row, request.officer)
    columns = [Column("STT"), *(Column(HEADS[name]) for name in row.fields), Column("Kết quả tìm")]
    heading = [
        f"DANH SÁCH SỐ {row}",
        f"Nơi nhận: {row.recipient_name}. Mục đích: {row.purpose}",
        f"Căn cứ: {row.basis}. Chỉ dùng cho mục đích này; xong việc thì huỷ.",
    ]
    rows: list[list[Value]] = [[str(one["line"]), *(str(one[name]) for name in row.fields), ""] for one in lines]
    made = write([Sheet("Danh sách", columns, rows, heading)], drill=settings.DEMO)
    response = HttpResponse(made, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="danh-sach-{row.number}-{row.year}.xlsx"'
    return response


@require_POST
@officer_required(Permission.WORK_ACT)
def outcomes(request: OfficerRequest, number: int) -> HttpResponse:
    """The list comes back as a file: each line is taken or says why not, in a copy of that file."""
    row, file = _out(request, number), request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose the file that came back."))
        return redirect("declarations:list-out", number=number)
    came = outcome_files.read(file.read(LARGEST_FILE + 1))
    answered = list_actions.take_outcomes(row=row, came=came, by=request.officer)
    response = HttpResponse(outcome_files.answered(came, answered, language()), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="tra-loi-{row.number}-{row.year}.xlsx"'
    return response


@require_POST
@officer_required(Permission.WORK_ACT)
def outcome(request: OfficerRequest, number: int, line: int) -> HttpResponse:
    """What they found of one person."""
    row = ListOutRow.objects.filter(list=_out(request, number), line=line).first()
    if row is None:
        raise Http404
    list_actions.take_outcome(
        row=row, outcome=request.POST.get("outcome", ""), note=request.POST.get("note", ""), by=request.officer
    )
    return redirect("declarations:list-out", number=number)


def _doubles(officer: Officer) -> Any:
    """Pairs nobody has judged, of which the officer may see one at least."""
    seen = visible_persons(officer, Permission.PEOPLE_JUDGE).values("pk")
    return MatchCandidate.objects.filter(Q(older__in=seen) | Q(newer__in=seen), decided_at=None).order_by("pk")


@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """Everybody may know how many lists left, to whom, of how many people, on what basis. Nobody's name."""
    lists = ListOut.objects.values("year", "recipient", "purpose", "basis")  # scope: counts only
    rows = lists.annotate(lists=Count("pk"), persons=Sum("people")).order_by("-year", "recipient")
    shown = [{**row, "to": _said(transfers.recipients()[row["recipient"]].name)} for row in rows]
    return render(request, "declarations/transfers.html", {"rows": shown})
