"""The command `vungxanh`: JSON on stdout, messages on stderr.

Exit 0: answered. 1: your input is wrong. 2: usage. 3: the installation is wrong.
Groups are named here and imported only when asked for, so that a look-up does not pay for analytics.
"""

import json
import sys
from importlib import import_module
from typing import NoReturn

import click

from vungxanh import __version__
from vungxanh.core.errors import EXIT_USER, VungXanhError

#: command -> "module:object"; one line a command
COMMANDS = {
    "up": "vungxanh.web.commands:up",
    "exposure": "vungxanh.exposure.commands:exposure",
    "demo": "vungxanh.demo.commands:demo",
    "gate": "vungxanh.venues.commands:gate",
    "decode": "vungxanh.codes.commands:decode",
    "border": "vungxanh.border.commands:border",
    "audit": "vungxanh.core.commands:audit",
    "backup": "vungxanh.core.backup.commands:backup",
    "restore": "vungxanh.core.backup.commands:restore",
    "migrate-store": "vungxanh.core.backup.commands:migrate_store",
    "export": "vungxanh.web.lake_commands:export",
    "evaluate": "vungxanh.evaluation.commands:evaluate",
    "lake": "vungxanh.lake.commands:lake",
    "trace": "vungxanh.tracing.commands:trace_",
    "replay": "vungxanh.tracing.commands:replay_",
    "notify": "vungxanh.notify.commands:notify",
    "worker": "vungxanh.core.commands:worker",
    "officer": "vungxanh.people.commands:officer",
    "database": "vungxanh.web.commands:database_",
    "manage": "vungxanh.web.commands:manage",
    "safetymap": "vungxanh.safetymap.commands:safetymap",
    "places": "vungxanh.places.commands:places",
    "zoning": "vungxanh.zoning.commands:zoning",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="vungxanh")
def cli() -> None:
    """Vùng Xanh: who was exposed, why, and the smallest area to close."""


def main() -> NoReturn:
    """Entry point: turns each kind of error into its exit code."""
    try:
        cli(standalone_mode=False)
    except VungXanhError as exc:
        click.echo(json.dumps(exc.as_json(), ensure_ascii=False, default=str))
        click.echo(exc.text("vi"), err=True)
        sys.exit(exc.exit_code)
    except click.UsageError as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Đã dừng theo yêu cầu. / Stopped as asked.", err=True)
        sys.exit(EXIT_USER)
    except click.ClickException as exc:
        exc.show()
        sys.exit(EXIT_USER)
    sys.exit(0)


if __name__ == "__main__":
    main()
