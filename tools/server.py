"""An ordinary PostgreSQL server for tests: Debian's programs, TCP with TLS, two roles, one empty database.

`with Server(folder) as server: server.url, server.owner_url`; `python tools/server.py COMMAND …` runs a command
with DATABASE_URL and DATABASE_OWNER_URL of such a server.
"""

import ipaddress
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DOORS = "hostssl all all 127.0.0.1/32 scram-sha-256\nlocal all all trust\n"


def programs() -> Path:
    """Folder of `initdb` and `postgres`."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    if not found:
        raise SystemExit("no PostgreSQL server on this machine: python tools/machine.py")
    return Path(found).parent


class Server:
    """Started on entering, gone on leaving."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self) -> Self:
        self.data.mkdir(parents=True)
        _certificate(self.data)
        self._own()
        self._run("initdb", "-D", str(self.data / "pg"), "-U", "postgres", "--encoding=UTF8", "--locale=C")
        (self.data / "pg" / "pg_hba.conf").write_text(DOORS)
        settings = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data} "
        settings += (
            f"-c ssl=on -c ssl_cert_file={self.data}/cert.pem -c ssl_key_file={self.data}/key.pem -c fsync=off"
        )
        self._run(
            "pg_ctl", "-D", str(self.data / "pg"), "-l", str(self.data / "log"), "-w", "-o", settings, "start"
        )
        with psycopg.connect(host=str(self.data), port=self.port, user="postgres", autocommit=True) as db:
            db.execute("CREATE ROLE vx_owner LOGIN CREATEDB PASSWORD 'owner'")
            db.execute("CREATE ROLE vx_app LOGIN PASSWORD 'app'")
            db.execute("CREATE DATABASE vx OWNER vx_owner TEMPLATE template0")
        with psycopg.connect(host=str(self.data), port=self.port, user="postgres", dbname="vx") as db:
            db.execute("ALTER SCHEMA public OWNER TO vx_owner")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self.data / "pg"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return self._url("vx_app:app")

    @property
    def owner_url(self) -> str:
        return self._url("vx_owner:owner")

    def _url(self, who: str) -> str:
        tls = f"sslmode=verify-full&sslrootcert={self.data}/cert.pem"
        return f"postgresql://{who}@127.0.0.1:{self.port}/vx?{tls}"

    def _own(self) -> None:
        """PostgreSQL does not run as root."""
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            for path in (self.data, *self.data.iterdir()):
                os.chown(path, account.pw_uid, account.pw_gid)

    def _run(self, name: str, *args: str) -> None:
        more: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
        command = [str(programs() / name), *args]
        with tempfile.TemporaryFile() as said:  # a pipe would be held open by the server
            done = subprocess.run(command, cwd="/", stdout=said, stderr=said, check=False, **more)
            said.seek(0)
            if done.returncode:
                raise SystemExit(f"{name}: {said.read().decode()}")


def _certificate(folder: Path) -> None:
    """For 127.0.0.1, its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).add_extension(alternative, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    signed = made.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    (folder / "key.pem").chmod(0o600)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="vx-server-"))
    folder.chmod(0o755)
    with Server(folder / "server") as server:
        environment = os.environ | {"DATABASE_URL": server.url, "DATABASE_OWNER_URL": server.owner_url}
        began = time.monotonic()
        code = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        print(f"ordinary server, TCP with TLS: {time.monotonic() - began:.0f} s", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
