"""Our client under the conformance suite: requests as JSON lines on standard input, answers on standard output.

Each start has a folder of its own that goes with the process; nothing of an installation is touched.
"""

import json
from pathlib import Path
from typing import Any, TextIO

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.device.client import Client, Verified
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.server import HttpServer, ServerError
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.matching.sightings import table_of

Asked = dict[str, Any]


class Drive:
    """One client, driven: a method a request."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now, self.name = folder, 0.0, "cwa"
        self.client = Client(DeviceStore(folder, duty().keep_days), HttpServer("http://127.0.0.1/"), [])
        self.verified: Verified | None = None

    def do(self, asked: Asked) -> Asked:
        """One request. Raises UserError, ServerError where the client refuses."""
        found: Asked = getattr(self, f"_{asked['do']}")(asked)
        return found

    def _start(self, asked: Asked) -> Asked:
        signers = [load_public_key(pem.encode()) for pem in asked["public_keys"]]
        self.now, self.name = float(asked["now"]), asked.get("profile", self.name)
        self.client = Client(self.client.store, HttpServer(asked["server"]), signers)
        return {"contract": 1}

    def _clock(self, asked: Asked) -> Asked:
        self.now = float(asked["now"])
        return {}

    def _advert(self, _: Asked) -> Asked:
        return {"payload": self.client.keys.advert(self.now, duty().tx_power_dbm).hex()}

    def _hear(self, asked: Asked) -> Asked:
        rows = [
            (bytes.fromhex(one["rpi"]), one["at"], one["rssi"], bytes.fromhex(one["aem"]), one["since"])
            for one in asked["sightings"]
        ]
        self.client.store.remember(table_of(rows))
        return {"sightings": len(rows)}

    def _purge(self, _: Asked) -> Asked:
        return {"days": self.client.store.forget(self.now)}

    def _configure(self, _: Asked) -> Asked:
        return {"new": self.client.configure(self.now)}

    def _fetch(self, _: Asked) -> Asked:
        return {"files": self.client.fetch(self.now)}

    def _exposure(self, _: Asked) -> Asked:
        found = self.client.exposure(self.name)
        days = [{"date": day.day.isoformat(), "minutes": round(sum(day.near.values()), 1)} for day in found.days]
        return {"level": found.level, "days": days}

    def _code(self, asked: Asked) -> Asked:
        self.verified = self.client.enter_code(asked["code"])
        return {"days": [key.rolling_start for key in self.verified.days]}

    def _publish(self, asked: Asked) -> Asked:
        if self.verified is None:
            raise UserError("exposure.form-over")
        chosen = [key for key in self.verified.days if key.rolling_start in asked["days"]]
        if not chosen:
            raise UserError("exposure.no-day-chosen", field="day")
        return {"receipt": self.client.publish(self.verified, chosen)}

    def _withdraw(self, asked: Asked) -> Asked:
        return {"withdrawn": self.client.withdraw(asked["receipt"])}

    def _decoy(self, _: Asked) -> Asked:
        self.client.decoy(self.now)
        return {}


def drive(folder: Path, lines: TextIO, out: TextIO) -> None:
    """Answer line by line until the input ends."""
    driven = Drive(folder)
    for line in lines:
        try:
            answer = driven.do(json.loads(line))
        except UserError as exc:
            answer = {"error": exc.code}
        except (ServerError, AttributeError, KeyError, TypeError, ValueError) as exc:
            answer = {"error": f"{type(exc).__name__}: {exc}"}
        out.write(json.dumps(answer) + "\n")
        out.flush()
