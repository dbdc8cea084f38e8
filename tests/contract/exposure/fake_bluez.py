"""BlueZ as far as a node needs it, on a bus of its own: an adapter that records, one stranger in the air."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER, DEVICE = "/org/bluez/hci0", "/org/bluez/hci0/dev_4A_00_00_00_00_01"
SERVICE = "0000fd6f-0000-1000-8000-00805f9b34fb"
CONFIGURATION = """<busconfig><type>session</type><listen>unix:path={path}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


class FakeBluez:
    """`sent`: what each registered advertisement said; `sending`: is one registered now?"""

    def __init__(self, bus: MessageBus) -> None:
        self.bus, self.sent, self.sending, self.refuse = bus, [], False, False
        self.asked: list[str] = []
        self.stranger: dict[str, Variant] = {}
        bus.add_message_handler(self.handle)

    sent: list[dict[str, Any]]

    def handle(self, asked: Message) -> Message | bool | None:
        if asked.message_type is not MessageType.METHOD_CALL or asked.path not in {"/", ADAPTER}:
            return None
        self.asked.append(asked.member)
        if asked.member == "GetManagedObjects":
            adapter = {
                "Address": Variant("s", "00:11:22:33:44:55"),
                "Roles": Variant("as", ["central"]),
            }
            found = {ADAPTER: {"org.bluez.Adapter1": adapter | {"Powered": Variant("b", True)}}}
            return Message.new_method_return(asked, "a{oa{sa{sv}}}", [found])
        if asked.member == "RegisterAdvertisement":
            self.waiting = asyncio.ensure_future(self._register(asked))
            return True
        if asked.member == "UnregisterAdvertisement":
            self.sending = False
        if asked.member == "StartDiscovery" and self.stranger:
            asyncio.get_running_loop().call_soon(self._appear)
        return Message.new_method_return(asked)

    async def _register(self, asked: Message) -> None:
        """As BlueZ does: the caller is asked for its properties before it has its answer."""
        if self.refuse:
            await self.bus.send(Message.new_error(asked, "org.bluez.Error.NotPermitted", "off"))
            return
        ask = Message(
            destination=asked.sender,
            path=asked.body[0],
            interface="org.freedesktop.DBus.Properties",
            member="GetAll",
            signature="s",
            body=["org.bluez.LEAdvertisement1"],
        )
        said = await self.bus.call(ask)
        assert said
        self.sent.append({name: value.value for name, value in said.body[0].items()})
        self.sending = True
        await self.bus.send(Message.new_method_return(asked))

    def _appear(self) -> None:
        self.bus.send(
            Message.new_signal(
                "/",
                "org.freedesktop.DBus.ObjectManager",
                "InterfacesAdded",
                "oa{sa{sv}}",
                [DEVICE, {"org.bluez.Device1": self.stranger}],
            )
        )

    def place(self, body: bytes, rssi: int) -> None:
        """A device that is heard from the next scan on."""
        self.stranger = {
            "Address": Variant("s", "4A:00:00:00:00:01"),
            "Alias": Variant("s", "4A-00-00-00-00-01"),
            "AddressType": Variant("s", "random"),
            "Adapter": Variant("o", ADAPTER),
            "RSSI": Variant("n", rssi),
            "UUIDs": Variant("as", [SERVICE]),
            "ServiceData": Variant("a{sv}", {SERVICE: Variant("ay", body)}),
        }


@asynccontextmanager
async def bluez(folder: Path) -> AsyncIterator[FakeBluez]:
    """A message bus in `folder`, BlueZ on it, and the environment pointing there; all gone afterwards."""
    path, file = folder / "bus", folder / "bus.conf"
    file.write_text(CONFIGURATION.format(path=path))
    daemon = subprocess.Popen(["dbus-daemon", f"--config-file={file}", "--nofork"], stderr=subprocess.PIPE)
    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={path}"
    try:
        while not path.exists():
            assert daemon.poll() is None, daemon.stderr and daemon.stderr.read()
            await asyncio.sleep(0.02)
        bus = await MessageBus(bus_address=f"unix:path={path}").connect()
        await bus.request_name("org.bluez")
        yield FakeBluez(bus)
        bus.disconnect()
    finally:
        os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS")
        if before is not None:
            os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before
        daemon.terminate()
        daemon.communicate()
