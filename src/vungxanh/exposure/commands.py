"""The command `vungxanh exposure`. Each subcommand's module is imported when it is named."""

from importlib import import_module
from types import ModuleType

import click

#: subcommand -> module of `vungxanh.exposure.cli`
COMMANDS = {
    "derive": "codec",
    "bluezone": "codec",
    "read": "files",
    "write": "files",
    "conform": "contract",
    "vectors": "contract",
    "match": "matching",
    "score": "matching",
    "explain": "server",
    "export": "server",
    "import": "server",
    "federate": "server",
    "partner-files": "server",
    "purge": "server",
    "rotate": "server",
    "device": "device",
}


def _module(name: str) -> ModuleType:
    return import_module(f"vungxanh.exposure.cli.{COMMANDS[name]}")


class ExposureGroup(click.Group):
    """Imports what a subcommand needs, and no more."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = "import_" if cmd_name == "import" else cmd_name.replace("-", "_")
        found: click.Command = getattr(_module(cmd_name), name)
        return found


@click.group(cls=ExposureGroup)
def exposure() -> None:
    """Bluetooth exposure notification: identifiers, key files, matching, risk, the device."""
