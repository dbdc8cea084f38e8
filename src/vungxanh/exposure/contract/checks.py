"""The checks of the contract: one function, one rule. A check raises AssertionError with what was seen."""

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.exposure.codec.adverts import GaenFrame, parse_advert
from vungxanh.exposure.codec.gaen import (
    Metadata,
    crypt_metadata,
    day_start,
    identifiers,
    interval_number,
    new_key,
)
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
from vungxanh.exposure.codec.signature import new_private_key
from vungxanh.exposure.configuration import document
from vungxanh.exposure.contract.driver import ClientError, Driver
from vungxanh.exposure.contract.server import CODE, GETS, POSTS, WRONG_CODE, Asked, ContractServer
from vungxanh.exposure.device.server import FILL_FROM, FILL_MORE
from vungxanh.exposure.limits import limits

#: Tuesday 3 May 2022, 09:00 in Viet Nam
NOW = 1_651_543_200
TX, NEAR, FAR, STEP = -15, -70, -105, 300


@dataclass
class Bench:
    """What a check works with: a client that has started, and the server that it speaks to."""

    client: Driver
    server: ContractServer

    def person(self) -> DiagnosisKey:
        """A key of today of somebody who is ill."""
        return DiagnosisKey(new_key(), day_start(interval_number(NOW)), 144, ReportType.CONFIRMED_TEST, 0)

    def hear(self, key: DiagnosisKey, minutes: int = 25, rssi: int = NEAR, late: int = 0) -> None:
        """The client hears a key every five minutes; `late`: seconds by which it was replayed."""
        ids = identifiers(key.data, key.rolling_start)
        rows = []
        for at in range(NOW, NOW + minutes * 60, STEP):
            rpi = ids[interval_number(at) - key.rolling_start]
            aem = crypt_metadata(key.data, rpi, Metadata(TX).to_bytes())
            rows.append({"rpi": rpi.hex(), "at": at + late, "rssi": rssi, "aem": aem.hex(), "since": STEP})
        self.client.do("hear", sightings=rows)

    def level(self) -> str:
        return str(self.client.do("exposure")["level"])

    def fetch(self) -> int:
        return int(self.client.do("fetch")["files"])

    def posts(self, *, fake: bool = False) -> list[Asked]:
        return [one for one in self.server.asked if one.method == "POST" and one.is_fake == fake]

    def share(self, days: int | None = None) -> tuple[list[int], str]:
        """Code, choice, upload. -> (days that were chosen, receipt)."""
        offered = self.client.do("code", code=CODE)["days"]
        chosen = offered[:days]
        return chosen, str(self.client.do("publish", days=chosen)["receipt"])


def frame(bench: Bench) -> GaenFrame:
    """What the client would send now."""
    raw = bytes.fromhex(bench.client.do("advert")["payload"])
    found = parse_advert(raw)
    assert len(raw) == 31, f"{len(raw)} bytes"
    assert isinstance(found, GaenFrame), raw.hex()
    return found


def advert_is_the_31_bytes_of_the_protocol(bench: Bench) -> None:
    frame(bench)


def identifier_changes_with_the_interval(bench: Bench) -> None:
    first = frame(bench)
    bench.client.do("clock", now=NOW + 1_200)
    assert frame(bench).rpi != first.rpi


def days_are_not_linked(bench: Bench) -> None:
    """A key that was published tells nothing of the next day's."""
    frame(bench)
    bench.share()
    bench.client.do("clock", now=NOW + 86_400)
    tomorrow = frame(bench)
    ids = [rpi for key in bench.server.published for rpi in identifiers(key.data, interval_number(NOW), 288)]
    assert tomorrow.rpi not in ids


def published_keys_are_those_that_were_sent_on_the_air(bench: Bench) -> None:
    heard = frame(bench)
    bench.share()
    assert any(heard.rpi in identifiers(key.data, key.rolling_start) for key in bench.server.published)


def near_for_twenty_five_minutes_is_a_warning_with_its_minutes(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    bench.server.add_file([ill])
    assert bench.fetch() == 1
    said = bench.client.do("exposure")
    assert said["level"] == "high", said
    assert [day["date"] for day in said["days"]] == ["2022-05-03"], said
    assert 15 <= said["days"][0]["minutes"] <= 30, said


def _told(
    bench: Bench, *, late: int = 0, rssi: int = NEAR, signer: ec.EllipticCurvePrivateKey | None = None
) -> str:
    """Level after somebody was heard and published."""
    ill = bench.person()
    bench.hear(ill, rssi=rssi, late=late)
    bench.server.add_file([ill], signer=signer)
    bench.fetch()
    return bench.level()


def far_away_is_none(bench: Bench) -> None:
    assert _told(bench, rssi=FAR) == "none"


def a_stranger_is_none(bench: Bench) -> None:
    bench.hear(bench.person())
    bench.server.add_file([bench.person()])
    bench.fetch()
    assert bench.level() == "none"


def heard_within_two_hours_counts(bench: Bench) -> None:
    assert _told(bench, late=5_400) == "high"


def replayed_three_hours_later_does_not_count(bench: Bench) -> None:
    assert _told(bench, late=3 * 3_600) == "none"


def a_file_of_another_signer_is_not_read(bench: Bench) -> None:
    assert _told(bench, signer=new_private_key()) == "none"


def a_file_with_a_flipped_bit_is_not_read(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    name = bench.server.add_file([ill])
    raw = bytearray(bench.server.files[name])
    raw[len(raw) // 3] ^= 4
    bench.server.files[name] = bytes(raw)
    bench.fetch()
    assert bench.level() == "none"


def a_bad_file_stops_no_other(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    bench.server.add_file([], raw=b"PK nothing")
    bench.server.add_file([ill])
    bench.fetch()
    assert bench.level() == "high"


def a_file_is_fetched_once(bench: Bench) -> None:
    name = bench.server.add_file([bench.person()])
    assert bench.fetch() == 1
    assert bench.fetch() == 0
    times = sum(one.path.endswith(name) for one in bench.server.asked)
    assert times == 1, f"{times} times"


def who_was_away_fetches_one_file_for_many(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    for number in range(36):
        bench.server.add_file([ill] if number == 7 else [bench.person()])
    bench.server.add_together("spans")
    bench.fetch()
    assert bench.level() == "high"
    times = sum(one.path.endswith(".zip") for one in bench.server.asked)
    assert times <= 3, f"{times} files for three days"


def a_revoked_key_counts_no_more(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    bench.server.add_file([ill])
    bench.fetch()
    assert bench.level() == "high"
    gone = DiagnosisKey(ill.data, ill.rolling_start, 144, ReportType.REVOKED, 0)
    bench.server.add_file([], revised=[gone])
    bench.fetch()
    assert bench.level() == "none"


def sightings_go_after_fourteen_days(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    bench.client.do("clock", now=NOW + 16 * 86_400)
    bench.client.do("purge")
    bench.server.add_file([ill])
    bench.fetch()
    assert bench.level() == "none"


def _strict(bench: Bench, signer: ec.EllipticCurvePrivateKey | None) -> str:
    """Level under a configuration by which nothing is ever enough."""
    made: dict[str, Any] = document(datetime.fromtimestamp(NOW, UTC), limits())
    profiles = json.loads(json.dumps(made["profiles"]))
    for one in profiles.values():
        for level in one["level"]:
            level["from"] = 100_000
    bench.server.configure({"profiles": profiles}, signer)
    bench.client.do("configure")
    return _told(bench)


def a_signed_configuration_is_followed(bench: Bench) -> None:
    assert _strict(bench, None) == "none"


def a_configuration_of_another_signer_is_not(bench: Bench) -> None:
    assert _strict(bench, new_private_key()) == "high"


def a_wrong_code_sends_nothing_more(bench: Bench) -> None:
    frame(bench)
    with suppress(ClientError):
        bench.client.do("code", code=WRONG_CODE)
        raise AssertionError("the client took a wrong code")
    assert [one.path for one in bench.posts()] == ["v1/verify"]


def only_the_chosen_days_are_sent(bench: Bench) -> None:
    for day in range(4):
        bench.client.do("clock", now=NOW + day * 86_400)
        frame(bench)
    chosen, _ = bench.share(days=2)
    assert len(chosen) == 2
    assert sorted(key.rolling_start for key in bench.server.published) == sorted(chosen)


def nothing_is_sent_where_no_day_was_chosen(bench: Bench) -> None:
    frame(bench)
    bench.client.do("code", code=CODE)
    with suppress(ClientError):
        bench.client.do("publish", days=[])
    assert not [one for one in bench.posts() if one.path == "v1/publish"]


def what_was_heard_never_leaves(bench: Bench) -> None:
    ill = bench.person()
    bench.hear(ill)
    frame(bench)
    bench.server.add_file([ill])
    bench.fetch()
    bench.share()
    bench.client.do("decoy")
    sent = b"\n".join(one.body for one in bench.server.asked)
    for secret in (ill.data, *identifiers(ill.data, ill.rolling_start)):
        for spelling in (secret.hex(), secret.hex().upper(), b64encode(secret).decode()):
            assert spelling.encode() not in sent, spelling


def requests_have_the_size_of_any_other(bench: Bench) -> None:
    frame(bench)
    bench.share()
    bench.client.do("decoy")
    sizes = {len(one.body) for one in (*bench.posts(), *bench.posts(fake=True))}
    assert all(FILL_FROM <= size <= FILL_FROM + FILL_MORE for size in sizes), sizes


def a_decoy_takes_the_steps_of_an_upload(bench: Bench) -> None:
    frame(bench)
    bench.share()
    bench.client.do("decoy")
    real, fake = ([one.path for one in bench.posts(fake=fake)] for fake in (False, True))
    assert real == fake == ["v1/verify", "v1/certificate", "v1/publish"], (real, fake)


def requests_name_nobody(bench: Bench) -> None:
    frame(bench)
    bench.share()
    bench.fetch()
    for one in bench.server.asked:
        assert not {"cookie", "authorization"} & set(one.headers), one.path
        assert one.path in GETS | POSTS or one.path.startswith("files/vn"), one.path


def a_receipt_takes_the_keys_back(bench: Bench) -> None:
    frame(bench)
    _, receipt = bench.share()
    assert bench.client.do("withdraw", receipt=receipt)["withdrawn"] == 1
    assert bench.server.published == []


Check = Callable[[Bench], None]
CHECKS: tuple[Check, ...] = (
    advert_is_the_31_bytes_of_the_protocol,
    identifier_changes_with_the_interval,
    days_are_not_linked,
    published_keys_are_those_that_were_sent_on_the_air,
    near_for_twenty_five_minutes_is_a_warning_with_its_minutes,
    far_away_is_none,
    a_stranger_is_none,
    heard_within_two_hours_counts,
    replayed_three_hours_later_does_not_count,
    a_file_of_another_signer_is_not_read,
    a_file_with_a_flipped_bit_is_not_read,
    a_bad_file_stops_no_other,
    a_file_is_fetched_once,
    who_was_away_fetches_one_file_for_many,
    a_revoked_key_counts_no_more,
    sightings_go_after_fourteen_days,
    a_signed_configuration_is_followed,
    a_configuration_of_another_signer_is_not,
    a_wrong_code_sends_nothing_more,
    only_the_chosen_days_are_sent,
    nothing_is_sent_where_no_day_was_chosen,
    what_was_heard_never_leaves,
    requests_have_the_size_of_any_other,
    a_decoy_takes_the_steps_of_an_upload,
    requests_name_nobody,
    a_receipt_takes_the_keys_back,
)
