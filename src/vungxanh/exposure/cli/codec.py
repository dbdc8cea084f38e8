"""`derive` and `bluezone`: identifiers of a key."""

import click

from vungxanh.exposure.cli.io import show
from vungxanh.exposure.codec import bluezone as bz
from vungxanh.exposure.codec import gaen
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, hex_bytes

LAST_START = 2**32 - INTERVALS_A_DAY


@click.command()
@click.option("--tek", required=True, help="Day key, 16 bytes in hexadecimal.")
@click.option("--interval", required=True, type=click.IntRange(0, LAST_START), help="First interval.")
@click.option("--count", default=INTERVALS_A_DAY, show_default=True, type=click.IntRange(1, INTERVALS_A_DAY))
@click.option("--metadata", default=None, help="4 bytes in hexadecimal; adds the encrypted metadata (aems).")
def derive(tek: str, interval: int, count: int, metadata: str | None) -> None:
    """Exposure Notification v1.2: rpik, aemk and the identifiers of a day key."""
    key = hex_bytes(tek, KEY_BYTES, "tek")
    rpis = gaen.identifiers(key, interval, count)
    answer: dict[str, object] = {
        "tek": key.hex(),
        "interval": interval,
        "rpik": gaen.rpi_key(key).hex(),
        "aemk": gaen.metadata_key(key).hex(),
        "rpis": [rpi.hex() for rpi in rpis],
    }
    if metadata is not None:
        plain = hex_bytes(metadata, gaen.METADATA_BYTES, "metadata")
        answer["aems"] = [gaen.crypt_metadata(key, rpi, plain).hex() for rpi in rpis]
    show(answer)


@click.command()
@click.option("--base-key", required=True, help="32 bytes in hexadecimal.")
@click.option("--day0", required=True, type=int, help="Midnight UTC of the first day, Unix seconds.")
@click.option("--at", required=True, type=int, help="Moment asked for, Unix milliseconds.")
@click.option("--slots", default=bz.SLOTS, show_default=True, help="Slots a day.")
def bluezone(base_key: str, day0: int, at: int, slots: int) -> None:
    """Bluezone v2: slot and 12-byte identifier of a moment."""
    found = bz.slot_at(hex_bytes(base_key, bz.BASE_KEY_BYTES, "base_key"), day0, at, slots)
    show({"day": found.day, "slot": found.slot, "id": found.bluezone_id.hex()})
