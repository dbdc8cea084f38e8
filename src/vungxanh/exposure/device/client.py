"""What a device does with a server: fetch and judge, publish its own keys with consent per day, send decoys.

This is the state machine of the client contract (docs/guides/exposure-client.md); any other client may be
written against it.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from secrets import token_bytes, token_urlsafe
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import local_date
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.gaen import interval_number, new_key
from vungxanh.exposure.codec.index import IndexEntry, read_index
from vungxanh.exposure.codec.key_hmac import key_hmac
from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType, table_of
from vungxanh.exposure.configuration import verified
from vungxanh.exposure.device.encounters import Met, encounters
from vungxanh.exposure.device.own_keys import OwnKeys
from vungxanh.exposure.device.server import Server, ServerError
from vungxanh.exposure.device.store import DAY, DeviceStore
from vungxanh.exposure.jws import BadTokenError
from vungxanh.exposure.matching.match import match
from vungxanh.exposure.risk.profile import DEFAULT, Profile, profile, profile_from
from vungxanh.exposure.risk.score import Scored, score
from vungxanh.exposure.risk.windows import Scan, Window, windows_of

STATE, FOUND, RECEIPTS, SHARED = "state", "found", "receipts", "shared"
CONFIGURATION = "configuration"
#: no more files than this are fetched one by one; of more, the day's file, where it holds mostly what is missing
WINDOWS_WORTH_A_DAY = 2
#: encounters that one request holds
MOST_SHARED = 300


@dataclass(frozen=True, slots=True)
class Verified:
    """The code was right: what the person is asked to agree to, day by day."""

    token: str
    onset: str | None
    days: tuple[DiagnosisKey, ...]


class Client:
    """`signers`: public keys pinned in the device; a file that none of them signed is not read."""

    def __init__(
        self, store: DeviceStore, server: Server, signers: Sequence[EllipticCurvePublicKey], region: str = "vn"
    ) -> None:
        self.store, self.server, self.signers, self.region = store, server, signers, region
        self.keys = OwnKeys(store)

    def fetch(self, now: float) -> int:
        """Read every file that is new, match it, write down what was found. -> files read.

        A file that does not verify is left for the next time. Raises ServerError where nothing answers.
        """
        state = self.store.load(STATE, {"done": [], "fetched": None})
        listed = read_index(self.server.get("files/index.txt").decode("utf-8", "replace"))
        done, read = set(state["done"]), 0
        read += self._together("spans", listed, done) + self._together("days", listed, done)
        for entry in listed:
            if entry.name not in done and self._take_in(entry.name):
                done.add(entry.name)
                read += 1
        names = {entry.name for entry in listed}
        self.store.save(STATE, {"done": sorted(done & names), "fetched": now})
        self._forget(now)
        return read

    def _together(self, kind: str, listed: Sequence[IndexEntry], done: set[str]) -> int:
        """Where most files of some days are missing, one that holds them all stands for them: fewer requests.

        `kind`: `days` or `spans` (several days). -> files read.
        """
        if sum(entry.name not in done for entry in listed) <= WINDOWS_WORTH_A_DAY:
            return 0
        try:
            offered = read_index(self.server.get(f"files/{kind}.txt").decode("utf-8", "replace"))
        except (ServerError, UserError):
            return 0  # a server without such files
        read = 0
        for start, end in sorted({(one.start, one.end) for one in offered}, key=lambda span: span[0] - span[1]):
            held = [entry for entry in listed if start <= entry.start and entry.end <= end]
            missing = [entry for entry in held if entry.name not in done]
            if len(missing) <= WINDOWS_WORTH_A_DAY or 2 * len(missing) < len(held):
                continue
            parts = [one for one in offered if (one.start, one.end) == (start, end)]
            if all(self._take_in(part.name, f"{self.region}-{kind}") for part in parts):
                done.update(entry.name for entry in missing)
                read += len(parts)
        return read

    def configure(self, now: float) -> bool:
        """Fetch the configuration; False where none came that a pinned key signed, and the last one stands."""
        try:
            token = self.server.get("v1/configuration").decode("ascii", "replace")
            found = verified(token, self.signers, now)
        except (ServerError, BadTokenError):
            return False
        self.store.save(CONFIGURATION, found)
        return True

    def profile(self, name: str = DEFAULT) -> Profile:
        """A profile as the configuration has it, else as it came with the program."""
        given = self.store.load(CONFIGURATION, {}).get("profiles", {}).get(name)
        return profile_from(given) if given else profile(name)

    def _take_in(self, name: str, where: str = "") -> bool:
        try:
            file = read_export(self.server.get(f"files/{where or self.region}/{name}"), self.signers)
        except UserError:
            return False
        found: dict[str, Any] = self.store.load(FOUND, {})
        self._match(file.keys, found)
        for key in file.revised:
            if key.data.hex() in found:
                found[key.data.hex()]["report"] = int(key.report_type)
        self.store.save(FOUND, found)
        return True

    def _match(self, keys: Sequence[DiagnosisKey], found: dict[str, Any]) -> None:
        table, heard = table_of(keys), self.store.sightings()
        matches = match(table, heard)
        for row in sorted(set(matches.key.tolist())):
            mine = [i for i, key in enumerate(matches.key.tolist()) if key == row]
            part = type(matches)(matches.key[mine], matches.interval[mine], matches.sighting[mine])
            windows = windows_of(table, heard, part)
            found[table["data"][row].tobytes().hex()] = {
                "report": int(table["report"][row]),
                "start": int(table["start"][row]),
                "period": int(table["period"][row]),
                "windows": [{**asdict(window), "day": window.day.isoformat()} for window in windows],
            }

    def _forget(self, now: float) -> None:
        first = local_date(int(now - self.store.keep_days * DAY) // 60).isoformat()
        found = self.store.load(FOUND, {})
        kept = {key: one for key, one in found.items() if any(w["day"] >= first for w in one["windows"])}
        self.store.save(FOUND, kept)

    def exposure(self, name: str = DEFAULT) -> Scored:
        """What was found so far, judged by a profile."""
        windows = []
        for one in self.store.load(FOUND, {}).values():
            for w in one["windows"]:
                scans = tuple(Scan(**scan) for scan in w["scans"])
                day = date.fromisoformat(w["day"])
                windows.append(Window(day, one["report"], w["onset"], scans, w["confidence"]))
        return score(windows, self.profile(name))

    def taken_back(self) -> list[date]:
        """Days of warnings whose ground was wrong: the person is told that they fell away."""
        found = self.store.load(FOUND, {}).values()
        days = {w["day"] for one in found if one["report"] == ReportType.REVOKED for w in one["windows"]}
        return sorted(date.fromisoformat(day) for day in days)

    def encounters(self, name: str = DEFAULT) -> list[Met]:
        """What the person may choose to share, oldest first."""
        keys = [
            DiagnosisKey(bytes.fromhex(data), one["start"], one["period"], one["report"])
            for data, one in self.store.load(FOUND, {}).items()
            if one["report"] != ReportType.REVOKED and "start" in one
        ]
        return encounters(keys, self.store.sightings(), self.profile(name)) if keys else []

    def share(self, code: str, days: Sequence[date], name: str = DEFAULT) -> str:
        """Share the encounters of the chosen days, and no other, with the tracer who gave the code. -> receipt."""
        chosen = [met for met in self.encounters(name) if met.day in set(days)]
        longest = sorted(chosen, key=lambda met: -met.seconds)[:MOST_SHARED]
        document = {"code": code, "encounters": [met_document(met) for met in longest]}
        receipt = str(self._post("v1/share", document)["receipt"])
        self.store.save(SHARED, [*self.store.load(SHARED, []), receipt])
        return receipt

    def unshare(self, receipt: str) -> int:
        """Take back what was shared. -> encounters that are gone."""
        return int(self._post("v1/share/withdraw", {"receipt": receipt})["withdrawn"])

    def last_fetch(self) -> float | None:
        found: float | None = self.store.load(STATE, {"fetched": None})["fetched"]
        return found

    def enter_code(self, code: str) -> Verified:
        """Code -> token and the day keys that may be shared. Raises UserError `exposure.server-refused`."""
        answer = self._post("v1/verify", {"code": code})
        return Verified(answer["token"], answer.get("symptomDate"), tuple(self.keys.all()))

    def publish(self, verified: Verified, chosen: Sequence[DiagnosisKey]) -> str:
        """Send the chosen days and nothing else. -> receipt, kept as well."""
        secret = token_bytes(32)
        mac = b64encode(key_hmac(chosen, secret)).decode()
        certificate = self._post("v1/certificate", {"token": verified.token, "ekeyhmac": mac})["certificate"]
        answer = self._post("v1/publish", publish_document(chosen, certificate, secret))
        receipt = str(answer["receipt"])
        kept = [*self.store.load(RECEIPTS, []), {"receipt": receipt, "revision": answer["revisionToken"]}]
        self.store.save(RECEIPTS, kept)
        return receipt

    def withdraw(self, receipt: str) -> int:
        """Take one's own keys back."""
        return int(self._post("v1/withdraw", {"receipt": receipt})["withdrawn"])

    def receipt(self, receipt: str) -> list[dict[str, Any]]:
        """In which file each key is, and since when."""
        found: list[dict[str, Any]] = self._post("v1/receipt", {"receipt": receipt})["keys"]
        return found

    def decoy(self, now: float) -> None:
        """Three requests that look like an upload and are none."""
        today = interval_number(now)
        keys = [DiagnosisKey(new_key(), today - 144 * n) for n in range(10)]
        fake = publish_document(keys, token_urlsafe(250), token_bytes(32))
        self.server.post("v1/verify", {"code": token_urlsafe(6)}, chaff=True)
        fake_mac = {"token": token_urlsafe(32), "ekeyhmac": b64encode(token_bytes(32)).decode()}
        self.server.post("v1/certificate", fake_mac, chaff=True)
        self.server.post("v1/publish", fake, chaff=True)

    def _post(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        try:
            status, answer = self.server.post(path, document)
        except ServerError as exc:
            raise UserError("exposure.server-silent") from exc
        if status != 200:
            raise UserError("exposure.server-refused", reason=str(answer.get("code", status))[:60])
        return answer


def met_document(met: Met) -> dict[str, Any]:
    """One encounter as it is sent."""
    return {
        "key": met.key.hex(),
        "rpi": met.rpi.hex(),
        "interval": met.interval,
        "start": met.start,
        "end": met.end,
        "seconds": met.seconds,
        "loss": met.loss,
    }


def publish_document(keys: Sequence[DiagnosisKey], certificate: str, secret: bytes) -> dict[str, Any]:
    """A publish request in Google's names."""
    return {
        "temporaryExposureKeys": [
            {
                "key": b64encode(key.data).decode(),
                "rollingStartNumber": key.rolling_start,
                "rollingPeriod": key.rolling_period,
            }
            for key in keys
        ],
        "healthAuthorityID": "vungxanh",
        "verificationPayload": certificate,
        "hmacKey": b64encode(secret).decode(),
        "revisionToken": "",
    }
