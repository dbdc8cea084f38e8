"""Codes of the border room in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from vungxanh.border.models import Certificate


def certificate(row: Certificate) -> tuple[str, str]:
    """What a certificate is, and what its check said."""
    kinds = {"vaccination": _("Vaccination"), "test": _("Test"), "recovery": _("Recovery")}
    verdicts = {
        "valid": _("signature good, in date"),
        "expired": _("expired"),
        "not-yet-valid": _("not valid yet"),
        "revoked": _("revoked"),
        "unknown-signer": _("signer not in our trust list: look at the paper"),
        "signer-expired": _("the signer was no longer entitled when it was made"),
        "wrong-signer": _("the signer may not sign this kind"),
        "wrong-signature": _("forged or damaged: the signature is wrong"),
        "self-declared": _("only told, not proved"),
    }
    return kinds.get(row.kind, row.kind), verdicts.get(row.verdict, row.verdict)


def differences(names: Iterable[str]) -> str:
    """Fields in which a passenger list and a declaration differ."""
    said = {
        "name": _("name"),
        "document": _("document number"),
        "birth_year": _("year of birth"),
        "seat": _("seat"),
        "flight": _("flight"),
        "day": _("day"),
        "sex": _("sex"),
        "nationality": _("nationality"),
        "expired": _("the document has expired"),
        "check-digit": _("a check digit is wrong: read again"),
    }
    return ", ".join(said.get(name, name) for name in names)
