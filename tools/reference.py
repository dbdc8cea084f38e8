"""Reference pages made from the code: commands, settings, roles, the lake's schema, the interface for programs."""

import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vungxanh"
SETTINGS = SOURCE / "core" / "settings.toml"
MADE = "Made from the code by `python tools/docs.py write`."


def commands_page() -> str:
    """Every command with its help, as the program prints it."""
    from vungxanh.cli import COMMANDS

    lines = [
        "# Commands",
        "",
        MADE + " JSON on stdout, words on stderr; exit 0 done, 1 your mistake, 2 usage, 3 the installation.",
        "",
    ]
    for name in sorted(COMMANDS):
        module, _, attribute = COMMANDS[name].partition(":")
        lines += _command(getattr(import_module(module), attribute), f"vungxanh {name}", 2)
    return "\n".join(lines) + "\n"


def _command(command: click.Command, path: str, depth: int) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
    yield from (f"{'#' * depth} `{path}`", "", "```text", _help(command, context), "```", "")
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found
            yield from _command(found, f"{path} {name}", min(depth + 1, 4))


def _help(command: click.Command, context: click.Context) -> str:
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def settings_page() -> str:
    """Environment variables, from `core/settings.toml`."""
    found = tomllib.loads(SETTINGS.read_text("utf-8"))
    rows = [f"| `{name}` | {one['en']} | {one['vi']} | {one.get('default', '')} |" for name, one in found.items()]
    head = [
        "# Settings",
        "",
        f"{MADE} An installation is set up by these environment variables alone.",
        "",
        "| variable | English | Tiếng Việt | where it is left out |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def settings_named() -> set[str]:
    """Every variable that the code names, in full or to `_env`, which puts the prefix before it."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"(?:VUNGXANH_[A-Z][A-Z_]*[A-Z]|DATABASE_URL|DATABASE_OWNER_URL)(?!_)", text))
        found |= {f"VUNGXANH_{name}" for name in re.findall(r"""\b_env\(\s*["']([A-Z_]+)["']""", text)}
    return found


def settings_faults() -> Iterator[str]:
    """Variables without a line, and lines without a variable."""
    written = set(tomllib.loads(SETTINGS.read_text("utf-8")))
    yield from (
        f"{name} is read and stands not in core/settings.toml" for name in sorted(settings_named() - written)
    )
    yield from (
        f"{name} stands in core/settings.toml and nothing reads it" for name in sorted(written - settings_named())
    )


def roles_page() -> str:
    """Roles, what each may, and in which sectors."""
    from vungxanh.people.roles import ROLES, Permission

    lines = [
        "# Roles and permissions",
        "",
        MADE + " A role says what; an assignment says where: place, organisation and sector.",
        "",
    ]
    for role in ROLES.values():
        sectors = ", ".join(sorted(role.sectors)) if role.sectors else "every sector"
        may = ", ".join(f"`{one}`" for one in sorted(role.permissions)) or "–"
        lines += [
            f"## {role.name_en} · {role.name_vi}",
            "",
            f"`{role.key}`. {role.prose}",
            "",
            f"- Sectors: {sectors}",
            f"- May: {may}",
            "",
        ]
    lines += ["## Who holds a permission", "", "| permission | roles |", "|---|---|"]
    for permission in Permission:
        holders = [role.key for role in ROLES.values() if permission in role.permissions]
        lines.append(f"| `{permission}` | {', '.join(holders) or '–'} |")
    return "\n".join(lines) + "\n"


def lake_page() -> str:
    """The Parquet tables and their columns."""
    from vungxanh.lake.schema import SCHEMAS, VERSION

    lines = [
        "# The lake's schema",
        "",
        f"{MADE} Version {VERSION}. Times are integer minutes since 1970-01-01 UTC, "
        "intervals half-open; a person and a place are integers.",
        "",
    ]
    for kind, schema in SCHEMAS.items():
        lines += [f"## {kind}", "", "| column | type | may be empty |", "|---|---|---|"]
        lines += [f"| `{field.name}` | {field.type} | {'yes' if field.nullable else 'no'} |" for field in schema]
        lines.append("")
    return "\n".join(lines)


def api_page() -> str:
    """Paths of the JSON interface."""
    schema = _openapi()
    lines = [
        "# Interface for programs",
        "",
        f"{MADE} The whole description is served at `/api/openapi.json`.",
        "",
        "| method | path | what it does |",
        "|---|---|---|",
    ]
    for path, methods in sorted(schema["paths"].items()):
        for method, one in sorted(methods.items()):
            what = " ".join((one.get("description") or one.get("summary") or "").split())
            lines.append(f"| {method.upper()} | `{path}` | {what} |")
    return "\n".join(lines) + "\n"


def _openapi() -> dict[str, Any]:
    os.environ.setdefault("VUNGXANH_HOME", tempfile.mkdtemp(prefix="vx-docs-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "vungxanh.web.settings"
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from vungxanh.web.api import api

    found: dict[str, Any] = api.get_openapi_schema()
    return found


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/commands.md": commands_page,
    "docs/reference/settings.md": settings_page,
    "docs/reference/roles.md": roles_page,
    "docs/reference/lake.md": lake_page,
    "docs/reference/api.md": api_page,
}
