"""Uploads of 14 keys, fully checked and committed, one process; and what sizes and times tell of fakes.

    VUNGXANH_HOME=/some/empty/folder python bench/exposure_publish.py [UPLOADS]

Goes through Django's whole request path (middleware, view, reply) in one process, on the working role. Prints
uploads a second of wall time and a CPU second of this process and its database backend, and the AUC of a
classifier that sees the time of each reply (sizes are equal).
"""

import json
import subprocess
import sys
import time
from base64 import b64encode
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


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    subprocess.run([sys.executable, "-m", "vungxanh", "manage", "migrate", "-v0"], check=True)
    with house():
        from django.db import connection
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        now = datetime.now(UTC)
        bodies = [body(now) for _ in range(count)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])

        def send(raw: bytes, *, fake: bool) -> tuple[float, float]:
            wall, cpu = time.perf_counter(), time.process_time()
            headers = {"X-Chaff": "1"} if fake else {}
            answer = client.post("/exposure/v1/publish", raw, content_type="application/json", headers=headers)
            assert answer.status_code == 200, answer.content
            return time.perf_counter() - wall, time.process_time() - cpu

        for raw in bodies[:20]:
            send(raw, fake=False)
        wall, cpu, theirs = time.perf_counter(), time.process_time(), sum(backend.cpu_times()[:2])
        half = bodies[20 : 20 + count // 2]
        for raw in half:
            send(raw, fake=False)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        theirs = sum(backend.cpu_times()[:2]) - theirs
        real, fakes = [], []
        for number, raw in enumerate(bodies[20 + count // 2 :]):
            order = (False, True) if number % 2 else (True, False)
            for fake in order:
                (fakes if fake else real).append(send(raw, fake=fake))
        answer = {
            "uploads": len(half),
            "per_second_wall": round(len(half) / wall),
            "per_cpu_second_python": round(len(half) / cpu),
            "per_cpu_second_with_backend": round(len(half) / (cpu + theirs)),
            "pairs": len(real),
            "auc_wall": auc([w for w, _ in real], [w for w, _ in fakes]),
            "auc_cpu": auc([c for _, c in real], [c for _, c in fakes]),
            "median_ms_real": round(1_000 * float(np.median([w for w, _ in real])), 3),
            "median_ms_fake": round(1_000 * float(np.median([w for w, _ in fakes])), 3),
        }
        print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
