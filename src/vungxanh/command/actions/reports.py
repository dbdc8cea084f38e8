"""A template is kept; a report is drawn up with its figures, its words changed, signed once."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from vungxanh.command.models import Difficulty, Report, ReportTemplate
from vungxanh.command.report_texts import defaults, unknown_names
from vungxanh.command.reporting import figures, period
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer

HEAD = ("superior", "body_name", "symbol", "place", "addressees", "abstract", "recipients", "rank")
#: words that are no figure
WORDS = frozenset({"since", "until", "issuer", "difficulties_words"})
#: difficulties named in the text; the list behind the number has all
MOST_NAMED = 10


def template_of(kind: str, scope_path: str, scope_sector: str) -> ReportTemplate:
    """The office's own template, else the house's, not yet saved."""
    rows = ReportTemplate.objects.filter(kind=kind, scope_path=scope_path, scope_sector=scope_sector)
    fields = {name: text.strip() for name, text in defaults()[kind].items()}
    return rows.first() or ReportTemplate(kind=kind, scope_path=scope_path, scope_sector=scope_sector, **fields)


@transaction.atomic
def keep_template(*, template: ReportTemplate, by: Officer) -> None:
    """Raises UserError `command.report-name` for a figure that nothing counts."""
    check_names(f"{template.body}\n{template.abstract}")
    template.edited_by = by.pk
    template.save()
    audit.record(by=by, action="command:report-template:kept", subject=f"report-template:{template.pk}")


def check_names(text: str) -> None:
    known = {**figures(), **dict.fromkeys(WORDS)}
    if unknown := unknown_names(text, known):
        raise UserError("command.report-name", field="body", names=", ".join(unknown))


@transaction.atomic
def draw_up(*, kind: str, day: date, scope_path: str, scope_sector: str, by: Officer) -> Report:
    """Count everything the template names, now, and keep the numbers with the rows behind them."""
    template = template_of(kind, scope_path, scope_sector)
    since, until = period(kind, day)
    if since > timezone.now():
        raise UserError("command.report-future", field="day")
    lists = {key: sorted(figure.count(scope_path, since, until)) for key, figure in figures().items()}
    report = Report.objects.create(
        kind=kind,
        since=since,
        until=until,
        head={name: getattr(template, name) for name in HEAD},
        body=template.body,
        figures={key: len(ids) for key, ids in lists.items()},
        lists=lists,
        words={"difficulties_words": _difficulties(lists.get("difficulties_open", []))},
        drafted_by=by.pk,
        scope_path=scope_path,
        scope_sector=scope_sector,
    )
    audit.record(by=by, action="command:report:drawn-up", subject=f"report:{report.pk}", details={"kind": kind})
    return report


def _difficulties(ids: list[int]) -> str:
    rows = Difficulty.objects.filter(pk__in=ids[:MOST_NAMED]).select_related("receipt__organisation")
    said = [f"- {row.receipt.organisation.name}: {row.text.strip().rstrip('.')}." for row in rows.order_by("pk")]
    return "\n".join(said) or "Không có khó khăn tồn đọng."


@transaction.atomic
def reword(*, report: Report, body: str, by: Officer) -> None:
    """Change the words of a draft. Raises UserError once it is signed, and for unknown figures."""
    if report.signed_at:
        raise UserError("command.report-signed")
    check_names(body)
    report.body = body
    report.save(update_fields=["body"])
    audit.record(by=by, action="command:report:reworded", subject=f"report:{report.pk}")


@transaction.atomic
def sign(*, report: Report, number: str, by: Officer) -> None:
    """A named official signs it under a number; from then on it is no draft and does not change."""
    if report.signed_at:
        raise UserError("command.report-signed")
    if not number.strip().isdecimal():
        raise UserError("command.report-number", field="number")
    report.number, report.signed_by, report.signed_at, report.signer = (
        number.strip(),
        by.pk,
        timezone.now(),
        by.name,
    )
    report.save(update_fields=["number", "signed_by", "signed_at", "signer"])
    audit.record(by=by, action="command:report:signed", subject=f"report:{report.pk}")
