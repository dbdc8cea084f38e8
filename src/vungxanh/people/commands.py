"""`vungxanh officer`: the first officers of an installation, and what each may see."""

import json
import sys

import click


@click.group()
def officer() -> None:
    """Officers and their assignments."""


@officer.command()
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@click.option("--email", default="", help="By which an identity provider knows them.")
@click.option("--role", required=True, help="One of `vungxanh officer roles`.")
@click.option("--path", default="/", show_default=True, help="Area: /19/ a province, /19/05710/ a commune.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; else only a provider lets in.")
def add(username: str, name: str, email: str, role: str, path: str, password_stdin: bool) -> None:  # noqa: FBT001
    """Make an officer with one assignment."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    from vungxanh.core.house import house

    with house():
        from django.db import transaction

        from vungxanh.people.officer_actions import assign, make_officer

        with transaction.atomic():
            made = make_officer(username=username, name=name, email=email, password=password, by=None)
            assigned = assign(officer=made, role=role, scope_path=path, by=None)
    click.echo(json.dumps({"officer": made, "assignment": assigned}))


@officer.command()
def roles() -> None:
    """Every role: what it is for and what it may do."""
    from vungxanh.people.roles import ROLES

    shown = [
        {
            "role": role.key,
            "vi": role.name_vi,
            "en": role.name_en,
            "what": role.prose,
            "permissions": sorted(role.permissions),
            "sectors": "all" if role.sectors is None else sorted(role.sectors),
        }
        for role in ROLES.values()
    ]
    click.echo(json.dumps(shown, ensure_ascii=False))
