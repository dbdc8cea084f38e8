"""Files of other countries: signed, judged key by key, harmless when they come twice."""

import pytest

from tests.unit.exposure.phone import NOW, today
from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.export_write import write_export
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType, table_of
from vungxanh.exposure.codec.signature import Signer, new_private_key
from vungxanh.exposure.export_job import worker
from vungxanh.exposure.imports import Imported, import_file
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
PARTNER = Signer(new_private_key(), "262")
DAY = today()
GOOD = DiagnosisKey(bytes([1] * 16), DAY - 144)
OLD = DiagnosisKey(bytes([2] * 16), DAY - 20 * 144)
FUTURE = DiagnosisKey(bytes([3] * 16), DAY + 288)


def take(*keys: DiagnosisKey, revised: tuple[DiagnosisKey, ...] = (), origin: str = "DE") -> Imported:
    moment = int(NOW.timestamp())
    raw = write_export(
        start=moment - 7_200,
        end=moment,
        keys=table_of(keys),
        revised=table_of(revised),
        signers=[PARTNER],
        region="DE",
    )
    signer = PARTNER.key.public_key()
    return import_file(raw=raw, origin=origin, signer=signer, now=NOW, limits=limits(), by=None)


def test_one_bad_key_does_not_refuse_the_others() -> None:
    assert take(GOOD, OLD, FUTURE) == Imported(1, 0, 0, {"too-old": 1, "future": 1})
    assert Key.objects.get().origin == "DE"


def test_the_same_file_again_changes_nothing() -> None:
    take(GOOD)
    assert take(GOOD) == Imported(0, 1, 0, {})


def test_a_partner_revokes_its_own_keys_and_nobody_elses() -> None:
    take(GOOD)
    revoked = DiagnosisKey(GOOD.data, GOOD.rolling_start, report_type=ReportType.REVOKED)
    assert take(revised=(revoked,), origin="FR").revised == 0
    assert take(revised=(revoked,)).revised == 1
    assert Key.objects.count() == 0  # it had not been published


def test_a_published_partner_key_is_revised_in_the_next_file() -> None:
    take(GOOD)
    period = limits().export.period_seconds
    slot = int(NOW.timestamp()) // period * period
    worker.run(now=slot + period + 60, limits=limits().export)
    take(revised=(DiagnosisKey(GOOD.data, GOOD.rolling_start, report_type=ReportType.REVOKED),))
    row = Key.objects.get(data=GOOD.data)
    assert (row.report, row.revised_slot) == (ReportType.REVOKED, slot + period)


def test_a_file_of_another_signer_or_of_ourselves_is_refused() -> None:
    raw = write_export(start=0, end=1, keys=table_of([GOOD]), signers=[Signer(new_private_key())])
    known = {"raw": raw, "now": NOW, "limits": limits(), "by": None, "signer": PARTNER.key.public_key()}
    for origin, code in (
        ("DE", "exposure.export-bad-signature"),
        ("VN", "exposure.bad-origin"),
        ("", "exposure.bad-origin"),
    ):
        with pytest.raises(UserError) as caught:
            import_file(origin=origin, **known)  # type: ignore[arg-type]
        assert caught.value.code == code
    assert Key.objects.count() == 0
