"""What stands in deploy/ names commands, settings and files that exist; its roles are made on a real server."""

import configparser
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg
import pytest
import yaml
from tools.server import Server

from vungxanh.cli import cli

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SETTINGS = tomllib.loads((DEPLOY.parent / "src" / "vungxanh" / "core" / "settings.toml").read_text())
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
UNITS = sorted((DEPLOY / "systemd").glob("vungxanh-*"))
#: of the compose file and the proxy, not of the house
OF_COMPOSE = {"VUNGXANH_NAME", "VUNGXANH_WEB"}


def unit(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(path.read_text())
    return found


def commands_named() -> Iterator[list[str]]:
    """Words after `vungxanh` in units, compose file and recipe."""
    for path in UNITS:
        for line in re.findall(r"^Exec\w+=\S*/vungxanh (.+)$", path.read_text(), re.MULTILINE):
            yield line.split()
    for service in COMPOSE["services"].values():
        if service.get("command", [""])[0] == "vungxanh":
            yield service["command"][1:]


def test_every_command_exists() -> None:
    found = list(commands_named())
    assert len(found) >= 5
    for words in found:
        here: click.Command | None = cli
        context = click.Context(cli)
        for word in words:
            if not isinstance(here, click.Group):
                break
            here = here.get_command(context, word)
            assert here is not None, words


def test_every_setting_exists() -> None:
    texts = [path.read_text() for path in DEPLOY.rglob("*") if path.is_file()]
    named = {name for text in texts for name in re.findall(r"VUNGXANH_[A-Z_]+|DATABASE_[A-Z]*_?URL", text)}
    assert named - OF_COMPOSE <= set(SETTINGS)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_without_privileges(path: Path) -> None:
    found = unit(path)
    assert found["Unit"]["Description"].startswith("Vùng Xanh")
    if path.suffix == ".service":
        service = found["Service"]
        assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == (
            "vungxanh",
            "yes",
            "strict",
        )


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """Systemd's own reader, where there is one; the house's programs stand for themselves as `true`."""
    if not shutil.which("systemd-analyze"):
        assert all(unit(path).sections()[0] == "Unit" for path in UNITS)
        return
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/vungxanh/bin/", "/bin/true "))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    assert [line for line in done.stderr.splitlines() if "vungxanh" in line and "environment" not in line] == []


def test_services_hold_no_privileges_and_mount_what_exists() -> None:
    for name in ("web", "worker", "migrate"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    volumes = [v for service in COMPOSE["services"].values() for v in service.get("volumes", [])]
    for source in (volume.split(":")[0] for volume in volumes):
        assert source in COMPOSE["volumes"] or (DEPLOY / "compose" / source).exists(), source
    recipe = (DEPLOY / "compose" / "Containerfile").read_text()
    assert re.search(r"^USER 10001$", recipe, re.MULTILINE)


def test_its_roles_are_made_and_the_working_one_owns_nothing() -> None:
    folder = Path(tempfile.mkdtemp(prefix="vx-roles-"))
    folder.chmod(0o755)
    with Server(folder / "server") as server:
        environment = os.environ | {
            "PGHOST": str(server.data),
            "PGPORT": str(server.port),
            "OWNER_PASSWORD": "o'w",
            "APP_PASSWORD": "a p",
        }
        script = ["sh", str(DEPLOY / "compose" / "roles.sh")]
        done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        where = {"host": "127.0.0.1", "port": str(server.port), "dbname": "vungxanh"}
        with psycopg.connect(user="vungxanh_owner", password="o'w", **where) as owner:
            owner.execute("CREATE TABLE seen (id int)")
        with psycopg.connect(user="vungxanh_app", password="a p", **where) as app:
            app.execute("INSERT INTO seen VALUES (1)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("DROP TABLE seen")
    shutil.rmtree(folder, ignore_errors=True)
