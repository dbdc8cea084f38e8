"""What fields of a list and reasons of a match are called on pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIELDS = {
    "ours": _("number here (VX-…)"),
    "id": _("id of the sender"),
    "name": _("full name"),
    "surname": _("family and middle name"),
    "given": _("given name"),
    "sex": _("sex"),
    "birth": _("day of birth"),
    "birth_year": _("year of birth"),
    "age": _("age"),
    "phone": _("telephone"),
    "phone2": _("second telephone"),
    "document": _("identity number"),
    "passport": _("passport"),
    "insurance": _("insurance card"),
    "nationality": _("nationality"),
    "address": _("address"),
    "hamlet": _("hamlet, residential group"),
    "commune": _("commune, ward"),
    "district": _("district (before 2025)"),
    "province": _("province"),
    "onset": _("day of onset"),
    "sampled": _("day of the sample"),
    "tested": _("day of the test result"),
    "reported": _("day of report"),
    "result": _("test result"),
    "ct": _("Ct value"),
    "test_kind": _("kind of test"),
    "classification": _("classification"),
    "admitted": _("day of admission"),
    "hospital": _("hospital"),
    "discharged": _("day of discharge"),
    "outcome": _("outcome"),
    "outcome_date": _("day of the outcome"),
    "death_date": _("death"),
    "source_case": _("source case"),
    "event": _("outbreak spot"),
    "isolation_start": _("isolated since"),
    "exposure_first": _("first day of contact"),
    "exposure_last": _("last day of contact"),
    "from": pgettext_lazy("link", "from"),
    "to": pgettext_lazy("link", "to"),
}

WHY = {
    "ready": _("ready mapping"),
    "remembered": _("as corrected before"),
    "same": _("known name"),
    "part": _("known name"),
    "like": _("looks like it"),
    "unknown": "",
}

REASONS = {
    "name": _("same name"),
    "name-marks": _("same name, marks missing"),
    "name-order": _("same words in another order"),
    "name-filler": _("same name without Thị or Văn"),
    "name-nickname": _("the nickname in brackets"),
    "name-typing": _("name differs by a typing error"),
    "document": _("same document"),
    "phone": _("same telephone"),
    "birth-date": _("same day of birth"),
    "birth-year": _("same year of birth"),
    "commune": _("same commune"),
    "sex-differs": _("another sex"),
    "birth-differs": _("another year of birth"),
    "document-differs": _("another document"),
    "phone-differs": _("another telephone"),
}


#: why a pair was noted when somebody was registered, before it was scored
FIRST = {
    "phone-name-year": _("same telephone, name and year of birth"),
    "typed-document": _("same document number, typed by hand"),
    "two-documents": _("one record showed the documents of both"),
}


def reasons(codes: list[str]) -> list[str]:
    """Reasons of a match in words; those against it say so themselves."""
    return [str(REASONS.get(code, code)) for code in codes]
