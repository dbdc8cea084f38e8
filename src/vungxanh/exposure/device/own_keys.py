"""A node's own day keys: a fresh random one each UTC day, the old ones kept while they may be asked for."""

from dataclasses import dataclass

from vungxanh.exposure.codec.adverts import gaen_advert
from vungxanh.exposure.codec.gaen import (
    Metadata,
    crypt_metadata,
    day_start,
    identifier,
    interval_number,
    new_key,
)
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, DiagnosisKey
from vungxanh.exposure.device.store import DeviceStore

FILE = "keys"


@dataclass(frozen=True, slots=True)
class OwnKeys:
    store: DeviceStore
    keep_days: int = 14

    def all(self) -> list[DiagnosisKey]:
        """Oldest first."""
        return [DiagnosisKey(bytes.fromhex(data), start) for data, start in self.store.load(FILE, [])]

    def current(self, now: float) -> DiagnosisKey:
        """The key of this UTC day, made and written down before anything is sent under it."""
        start = day_start(interval_number(now))
        keys = [key for key in self.all() if key.rolling_start >= start - self.keep_days * INTERVALS_A_DAY]
        for key in keys:
            if key.rolling_start == start:
                return key
        made = DiagnosisKey(new_key(), start)
        self.store.save(FILE, [[key.data.hex(), key.rolling_start] for key in [*keys, made]])
        return made

    def advert(self, now: float, tx_power: int) -> bytes:
        """The 31 bytes to send now."""
        key = self.current(now)
        rpi = identifier(key.data, interval_number(now))
        return gaen_advert(rpi, crypt_metadata(key.data, rpi, Metadata(tx_power).to_bytes()))
