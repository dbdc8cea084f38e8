"""`vungxanh up` (the whole house on one machine) and `vungxanh manage` (Django's own commands)."""

import os
import signal
import socket
import subprocess
import sys
import time

import click

from vungxanh.core import database
from vungxanh.core.errors import OperatorError
from vungxanh.web.django_setup import house

#: management commands that change the schema and therefore need the migrating role
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations", "flush"}


def say(text: str) -> None:
    """One line of progress, on stderr."""
    click.echo(text, err=True)


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    """Django's own management commands."""
    with house("owner" if args and args[0] in OWNER_COMMANDS else None):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["vungxanh manage", *args])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--demo", is_flag=True, help="Fill an empty house with an invented district, and trace its first case."
)
@click.option("--persons", type=click.IntRange(500, 2_000_000), help="People of the demonstration; else 50,000.")
@click.option("--reset", type=click.FloatRange(min=0.001), help="Hours after which the demonstration begins anew.")
def up(host: str, port: int, workers: int, demo: bool, persons: int | None, reset: float | None) -> None:  # noqa: FBT001
    """Start database, web and worker on this machine; Ctrl-C stops them."""
    if (persons or reset) and not demo:
        raise click.UsageError("--persons, --reset: --demo")
    check_port(host, port)
    os.environ["VUNGXANH_ADDRESS"] = f"http://{host}:{port}"
    while True:
        prepare(demo=demo, persons=persons)
        worker = [sys.executable, "-m", "vungxanh", "worker"]
        processes = [subprocess.Popen(web_command(host, port, workers)), subprocess.Popen(worker)]
        say(f"http://{host}:{port}/ · http://{host}:{port}/login")
        if not serve(processes, reset):
            return
        from vungxanh.demo.again import forget

        say("Diễn tập bắt đầu lại / the demonstration begins anew …")
        forget()


def prepare(*, demo: bool, persons: int | None) -> None:
    """A database that answers, with its tables; in a demonstration also what fills it."""
    if demo:
        os.environ["VUNGXANH_DEMO"] = "1"
    say("Cơ sở dữ liệu / database …")
    database.start()
    run_step([sys.executable, "-m", "vungxanh", "manage", "migrate", "--verbosity", "0"])
    if demo:
        size = ["--persons", str(persons)] if persons else []
        run_step([sys.executable, "-m", "vungxanh", "demo", "--answer", *size], stdout=subprocess.DEVNULL)
        say("DIỄN TẬP – KHÔNG CÓ THẬT / a drill, nothing of it is real")


@click.group(name="database")
def database_() -> None:
    """The embedded database, for a service manager that runs web and worker by themselves."""


@database_.command(name="start")
def start_database() -> None:
    """Start it, upgrade its files, bring its tables up to date, and leave it running."""
    database.start()
    run_step([sys.executable, "-m", "vungxanh", "manage", "migrate", "--verbosity", "0"])


@database_.command(name="stop")
def stop_database() -> None:
    """Stop it, waiting for its clean end."""
    database.stop()


def check_port(host: str, port: int) -> None:
    """Raises OperatorError `core.port-in-use`.

    Asked first: a server that lets others share its port does not refuse a second one.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as caller:
        caller.settimeout(1)
        if caller.connect_ex((host, port)) == 0:
            raise OperatorError("core.port-in-use", port=port)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise OperatorError("core.port-in-use", port=port) from exc


def run_step(command: list[str], stdout: int | None = None) -> None:
    """A step in its own process; its failure ends this command with its exit code."""
    done = subprocess.run(command, check=False, stdout=stdout)
    if done.returncode:
        sys.exit(done.returncode)


def web_command(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-ws",
        "--blocking-threads",
        "8",
        "--backpressure",
        "32",
        "--log-level",
        "warning",
        "vungxanh.web.wsgi:application",
    ]


def serve(processes: list[subprocess.Popen[bytes]], hours: float | None = None) -> bool:
    """Wait until one process ends, Ctrl-C, or the hours are over; then stop all of them and the embedded database.

    True where the hours are over.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    until = time.monotonic() + hours * 3600 if hours else float("inf")
    try:
        while all(process.poll() is None for process in processes):
            if time.monotonic() >= until:
                return True
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("Đang dừng … / stopping …")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            ended(process)
        database.stop()
    return False


def ended(process: "subprocess.Popen[bytes]") -> None:
    """Wait for it; a server that was asked to end while it was starting may not have heard."""
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
