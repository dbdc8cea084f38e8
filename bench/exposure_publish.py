"""Uploads of 14 keys, fully checked and committed, one process; and what sizes and times tell of fakes.

    VUNGXANH_HOME=/some/empty/folder python bench/exposure_publish.py [UPLOADS]

Goes through Django's whole request path (WSGI, middleware, view, reply) in one process, on the working role,
every upload committed to disk. Prints uploads a second of wall time and of CPU time (this process and the whole
database), latencies at 70 % of what was reached, and the AUC of a classifier that sees the time of each reply
(sizes are equal). The best of three runs of each: a machine that others use is never faster than it is.
"""

import contextlib
import gc
import io
import itertools
import json
import subprocess
import sys
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from secrets import token_bytes, token_urlsafe

import numpy as np
import psutil

from vungxanh.core.house import house

SECRET = token_bytes(32)


def body(now: datetime) -> bytes:
    """A valid request of 14 keys, its certificate made as the server makes it."""
    from vungxanh.exposure.codec.gaen import day_start, interval_number, new_key
    from vungxanh.exposure.codec.key_hmac import key_hmac
    from vungxanh.exposure.codec.keys import DiagnosisKey, ReportType
    from vungxanh.exposure.limits import limits
    from vungxanh.exposure.publish import certificate

    today = day_start(interval_number(now.timestamp()))
    keys = [DiagnosisKey(new_key(), today - 144 * (n // 2)) for n in range(14)]
    claims = certificate.Claims(
        ReportType.CONFIRMED_TEST, today - 5 * 144, key_hmac(keys, SECRET), token_urlsafe(32)
    )
    document = {
        "temporaryExposureKeys": [
            {"key": b64encode(k.data).decode(), "rollingStartNumber": k.rolling_start, "rollingPeriod": 144}
            for k in keys
        ],
        "healthAuthorityID": "vungxanh",
        "verificationPayload": certificate.make(claims, now, limits().code),
        "hmacKey": b64encode(SECRET).decode(),
        "revisionToken": "",
        "padding": token_urlsafe(1_500),
    }
    return json.dumps(document).encode()


def auc(one: list[float], other: list[float]) -> float:
    a, b = np.array(one), np.array(other)
    found = float((a[:, None] > b[None, :]).mean() + 0.5 * (a[:, None] == b[None, :]).mean())
    return round(max(found, 1 - found), 4)


class Server:
    """The whole request path: the WSGI application as a web server calls it, in threads of this process."""

    def __init__(self) -> None:
        from vungxanh.web.wsgi import application

        self.application = application

    def send(self, raw: bytes, *, fake: bool = False) -> None:
        """One request; anything but 200 is an error of the bench."""
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/exposure/v1/publish",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(raw)),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if fake:
            environ["HTTP_X_CHAFF"] = "1"
        said: list[str] = []
        answer = self.application(environ, lambda status, _headers: said.append(status))
        answer.close()
        assert said == ["200 OK"], said


def cpu_of_database() -> float:
    """CPU seconds of every process of the embedded server: backends, WAL writer, checkpointer."""
    from vungxanh.core.database import _postmaster

    found = _postmaster()
    assert found
    parent = psutil.Process(found[0])
    total = sum(parent.cpu_times()[:4])  # its own and that of backends that have gone
    for one in parent.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            total += sum(one.cpu_times()[:2])
    return float(total)


def closed_loop(server: Server, bodies: list[bytes], threads: int) -> dict[str, float]:
    """Every thread sends as soon as it has its answer."""
    theirs, cpu, wall = cpu_of_database(), time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(server.send, bodies))
    wall, cpu, theirs = time.perf_counter() - wall, time.process_time() - cpu, cpu_of_database() - theirs
    return {
        "threads": threads,
        "per_second": round(len(bodies) / wall),
        "per_cpu_second_python": round(len(bodies) / cpu),
        "per_cpu_second_with_database": round(len(bodies) / (cpu + theirs)),
    }


def best(server: Server, parts: list[list[bytes]], threads: int) -> dict[str, float]:
    return max((closed_loop(server, part, threads) for part in parts), key=lambda one: one["per_second"])


def open_loop(server: Server, bodies: list[bytes], rate: float, threads: int) -> dict[str, float]:
    """Requests fall due at fixed moments, whether the server is ready or not; waiting counts."""
    begin = time.perf_counter() + 0.05

    def one(numbered: tuple[int, bytes]) -> float:
        due = begin + numbered[0] / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        server.send(numbered[1])
        return time.perf_counter() - due

    with ThreadPoolExecutor(threads) as pool:
        took = np.array(list(pool.map(one, enumerate(bodies)))) * 1_000
    p50, p95, p99 = (round(float(np.percentile(took, p)), 1) for p in (50, 95, 99))
    return {"per_second": round(rate), "p50_ms": p50, "p95_ms": p95, "p99_ms": p99}


def chaff(server: Server, bodies: list[bytes]) -> dict[str, float]:
    """Real and fake in turn, one thread: what wall and CPU time tell."""
    real: list[tuple[float, float]] = []
    fakes: list[tuple[float, float]] = []
    for number, raw in enumerate(bodies):
        for fake in (False, True) if number % 2 else (True, False):
            gc.disable()
            wall, cpu = time.perf_counter(), time.thread_time()
            server.send(raw, fake=fake)
            (fakes if fake else real).append((time.perf_counter() - wall, time.thread_time() - cpu))
            gc.enable()
    return {
        "pairs": len(real),
        "auc_wall": auc([w for w, _ in real], [w for w, _ in fakes]),
        "auc_cpu": auc([c for _, c in real], [c for _, c in fakes]),
        "median_ms_real": round(1_000 * float(np.median([w for w, _ in real])), 3),
        "median_ms_fake": round(1_000 * float(np.median([w for w, _ in fakes])), 3),
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    subprocess.run([sys.executable, "-m", "vungxanh", "manage", "migrate", "-v0"], check=True)
    with house():
        from django.db import connection

        now, server = datetime.now(UTC), Server()
        bodies = iter([body(now) for _ in range(4 * count + 100)])

        def some(number: int) -> list[bytes]:
            return list(itertools.islice(bodies, number))

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM exposure_key")
        closed_loop(server, some(100), 4)
        alone, together = (best(server, [some(count // 3) for _ in range(3)], threads) for threads in (1, 6))
        answer = {
            "uploads": count,
            "one_thread": alone,
            "six_threads": together,
            "at_70_percent": min(
                (open_loop(server, some(count // 3), 0.7 * together["per_second"], 12) for _ in range(3)),
                key=lambda one: one["p99_ms"],
            ),
            "chaff": chaff(server, some(count)),
        }
        print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
