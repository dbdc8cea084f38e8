"""A federation gateway over HTTP: batches up with an answer for each key, batches down by day and tag."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from vungxanh.exposure.federation.batch import FederatedKey, decode, encode, sign
from vungxanh.exposure.federation.efgs_pb2 import PartnerKey

CONTENT = "application/protobuf; version=1.0"
TIMEOUT_SECONDS, MOST_BYTES = 60, 32 << 20
#: requests that one batch may cost where the hub refuses it as a whole and the wrong keys are looked for
MOST_REQUESTS = 64


class HubError(Exception):
    """No answer, or one outside the protocol; the same batch goes again next time."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Transport(Protocol):
    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        """Raises HubError where nothing answers."""


class Https:
    """With a client certificate where the hub asks for one."""

    def __init__(self, base: str, client: tuple[str, str] | None = None, authority: str | None = None) -> None:
        if urlsplit(base).scheme not in {"http", "https"}:
            raise HubError("http or https")
        self.base = base.rstrip("/")
        self.context = ssl.create_default_context(cafile=authority)
        if client is not None:
            self.context.load_cert_chain(*client)

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        request = urllib.request.Request(self.base + path, data=body, headers=headers, method=method)  # noqa: S310
        context = self.context if urlsplit(self.base).scheme == "https" else None
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=context) as said:  # noqa: S310
                return Answer(said.status, _lower(said.headers.items()), said.read(MOST_BYTES))
        except urllib.error.HTTPError as exc:
            return Answer(exc.code, _lower(exc.headers.items()), exc.read(MOST_BYTES))
        except OSError as exc:
            raise HubError(str(exc)) from exc


def _lower(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


@dataclass
class Sent:
    """Positions of the keys of a batch by what the hub said; `refused` with the reason."""

    accepted: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


@dataclass
class Hub:
    """`certificate`, `key`: what our batches are signed with; the certificate names our country."""

    transport: Transport
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def upload(self, tag: str, keys: Sequence[FederatedKey]) -> Sent:
        """Send a batch. The same tag again is harmless. Raises HubError.

        A hub that refuses a whole batch for one key is asked again with its halves, until the key is found.
        """
        sent = Sent()
        self._requests = 0
        self._send(tag, list(enumerate(keys)), sent)
        return sent

    def _send(self, tag: str, keys: list[tuple[int, FederatedKey]], sent: Sent) -> None:
        self._requests += 1
        given = [key for _, key in keys]
        headers = {
            "Content-Type": CONTENT,
            "Accept": "application/json",
            "batchTag": tag,
            "batchSignature": sign(given, self.certificate, self.key),
        }
        said = self.transport.ask("POST", "/diagnosiskeys/upload", headers, encode(given))
        if said.status == 201:
            sent.accepted += [at for at, _ in keys]
        elif said.status == 207:
            self._each(said.body, keys, sent)
        elif said.status == 409:  # this tag is there: the answer to it was lost
            sent.known += [at for at, _ in keys]
        elif said.status in {400, 406, 413} and len(keys) > 1 and self._requests < MOST_REQUESTS:
            half = len(keys) // 2
            self._send(f"{tag}a", keys[:half], sent)
            self._send(f"{tag}b", keys[half:], sent)
        elif said.status in {400, 406, 413}:
            sent.refused.update((at, str(said.status)) for at, _ in keys)
        else:
            raise HubError(f"upload: {said.status}")

    def _each(self, body: bytes, keys: list[tuple[int, FederatedKey]], sent: Sent) -> None:
        """`{"201": [0, 2], "409": [1], "500": [3]}`: positions within what was sent."""
        try:
            found = json.loads(body)
            listed = {int(code): [keys[int(at)][0] for at in places] for code, places in found.items()}
        except (ValueError, TypeError, IndexError, AttributeError) as exc:
            raise HubError("upload: 207 cannot be read") from exc
        sent.accepted += listed.pop(201, [])
        sent.known += listed.pop(409, [])
        sent.failed += listed.pop(500, [])
        for code, places in listed.items():
            sent.refused.update((at, str(code)) for at in places)

    def download(self, day: str, after: str | None = None) -> Iterator[tuple[str, list[PartnerKey]]]:
        """(tag, keys) of each batch of a UTC day (ISO), oldest first. Raises HubError.

        `after`: tag of the last batch that was read; the batches that follow it are given.
        """
        tag, skip = after, after is not None
        while tag != "null":
            headers = {"Accept": CONTENT, **({"batchTag": tag} if tag else {})}
            said = self.transport.ask("GET", f"/diagnosiskeys/download/{day}", headers)
            if said.status in {404, 410}:  # no batch yet; a day that the hub has forgotten
                return
            if said.status != 200 or not said.headers.get("batchtag"):
                raise HubError(f"download: {said.status}")
            if not skip:
                yield said.headers["batchtag"], decode(said.body)
            skip, tag = False, said.headers.get("nextbatchtag", "null")
