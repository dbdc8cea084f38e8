"""The client contract: our client keeps it, a client that breaks a rule is caught, and the vectors hold."""

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from vungxanh.exposure.codec import bluezone, gaen
from vungxanh.exposure.codec.adverts import bluezone_advert, gaen_advert
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.key_json import key_as_json
from vungxanh.exposure.codec.keys import DiagnosisKey, table_of
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.contract.checks import CHECKS
from vungxanh.exposure.contract.suite import Outcome, conform
from vungxanh.exposure.matching.match import match
from vungxanh.exposure.matching.sightings import table_of as sightings_of
from vungxanh.exposure.risk.profile import profile
from vungxanh.exposure.risk.score import score
from vungxanh.exposure.risk.window_json import windows_from_json

OURS = (sys.executable, "-m", "vungxanh", "exposure", "device", "drive")
#: our client with one rule broken
BROKEN = """
import sys, tempfile
from pathlib import Path
from vungxanh.exposure.device import client, drive, own_keys, server
from vungxanh.exposure import configuration, jws
{change}
with tempfile.TemporaryDirectory() as folder:
    drive.drive(Path(folder), sys.stdin, sys.stdout)
"""
MUTANTS = {
    "a_file_of_another_signer_is_not_read": (
        "read = client.read_export; client.read_export = lambda raw, signers: read(raw, None)"
    ),
    "a_configuration_of_another_signer_is_not": (
        "import base64, json\n"
        "client.verified = lambda t, *_: json.loads(base64.urlsafe_b64decode(t.split('.')[1] + '=='))"
    ),
    "replayed_three_hours_later_does_not_count": (
        "match = client.match; client.match = lambda keys, heard: match(keys, heard, tolerance=144)"
    ),
    "requests_have_the_size_of_any_other": "import json; server.filled = lambda d: json.dumps(d).encode()",
    "days_are_not_linked": "own_keys.new_key = lambda: bytes(16)",
    "only_the_chosen_days_are_sent": (
        "publish = client.Client.publish\n"
        "client.Client.publish = lambda self, verified, chosen: publish(self, verified, verified.days)"
    ),
    "a_decoy_takes_the_steps_of_an_upload": "client.Client.decoy = lambda self, now: None",
    "who_was_away_fetches_one_file_for_many": "client.Client._together = lambda *_: 0",
    "sightings_go_after_fourteen_days": (
        "client.DeviceStore.forget = lambda self, now: 0; client.Client._forget = lambda self, now: None"
    ),
}


def outcomes(command: tuple[str, ...], *only: str) -> dict[str, Outcome]:
    return {one.check: one for one in conform(command, only)}


def test_our_client_keeps_the_whole_contract() -> None:
    found = outcomes(OURS)
    assert [one for one in found.values() if not one.holds] == []
    assert set(found) == {check.__name__ for check in CHECKS}


@pytest.mark.parametrize("check", MUTANTS)
def test_a_client_that_breaks_a_rule_is_caught(check: str) -> None:
    command = (sys.executable, "-c", BROKEN.format(change=MUTANTS[check]))
    assert not outcomes(command, check)[check].holds


def test_what_speaks_no_protocol_is_no_client() -> None:
    found = outcomes((sys.executable, "-c", "print('hello')"), "far_away_is_none")["far_away_is_none"]
    assert not found.holds
    assert found.why.startswith("DriverError")


def vectors() -> dict[str, Any]:
    command = [sys.executable, "-m", "vungxanh", "exposure", "vectors"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_vectors_hold() -> None:
    found = vectors()
    ids = found["identifiers"]
    tek = bytes.fromhex(ids["tek"])
    assert ids["rpis"][0] == "8be6cd371c5c891604bfbe49df845096"  # as published
    assert (gaen.rpi_key(tek).hex(), gaen.metadata_key(tek).hex()) == (ids["rpik"], ids["aemk"])
    assert [rpi.hex() for rpi in gaen.identifiers(tek, ids["interval"], 3)] == ids["rpis"]
    plain = bytes.fromhex(ids["metadata"])
    assert [gaen.crypt_metadata(tek, bytes.fromhex(rpi), plain).hex() for rpi in ids["rpis"]] == ids["aems"]

    advert = found["advert"]
    made = gaen_advert(bytes.fromhex(advert["rpi"]), bytes.fromhex(advert["aem"])).hex()
    assert made == advert["payload"] == f"02011a03036ffd17166ffd{advert['rpi']}{advert['aem']}"

    blue = found["bluezone"]
    slot = bluezone.slot_at(bytes.fromhex(blue["base_key"]), blue["day0"], blue["at_ms"])
    assert (slot.slot, slot.bluezone_id.hex()) == (47, "286bce589ab994efa5f73cad")  # as captured
    assert bluezone_advert(slot.bluezone_id).hex() == blue["advert"]


def test_the_export_of_the_vectors_is_read_and_verified() -> None:
    given = vectors()["export"]
    found = read_export(b64decode(given["file_base64"]), [load_public_key(given["public_key"].encode())])
    assert found.verified
    assert (found.header.start, found.header.end) == (given["start"], given["end"])
    assert [key_as_json(key) for key in found.keys] == given["keys"]
    assert [key_as_json(key) for key in found.revised] == given["revised_keys"]


def test_the_edges_of_two_hours_are_those_of_the_vectors() -> None:
    given = vectors()["match"]
    keys = table_of([DiagnosisKey(bytes.fromhex(given["tek"]), given["rolling_start"])])

    def matched(at: int) -> int:
        return len(match(keys, sightings_of([(bytes.fromhex(given["rpi"]), at, -60, bytes(4), 0)])))

    assert [matched(at) for at in given["counts_at"]] == [1, 1]
    assert [matched(at) for at in given["does_not_count_at"]] == [0, 0]


def test_the_risk_of_the_vectors_is_that_of_the_hand() -> None:
    from datetime import date

    given = vectors()["risk"]
    found = score(windows_from_json(given, date(2022, 5, 4)), profile(given["profile"]))
    # ten minutes at 0.8, five at 1.0, times 1.6 for a test within three days of onset
    assert found.days[0].minutes == pytest.approx((10 * 0.8 + 5 * 1.0) * 1.6)
    assert found.level == given["level"] == "high"


def test_the_guide_names_every_request_and_check() -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "exposure-client.md").read_text("utf-8")
    from vungxanh.exposure.device.drive import Drive
    from vungxanh.exposure.urls import urlpatterns

    requests = {name[1:] for name in vars(Drive) if name.startswith("_") and not name.startswith("__")}
    assert {name for name in requests if f"`{name}`" not in guide} == set()
    addresses = {str(one.pattern) for one in urlpatterns if str(one.pattern).startswith("v1/")}
    assert {one for one in addresses if f"`POST {one}`" not in guide and f"`GET {one}`" not in guide} == {
        "v1/gateway",
        "v1/lab",
    }
