"""Run the checks against a client: each with a client and a server of its own."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from vungxanh.exposure.contract import checks
from vungxanh.exposure.contract.driver import ClientError, Driver, DriverError
from vungxanh.exposure.contract.server import ContractServer, serve

#: most of a check is waiting for the client to start
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """`why`: what was seen where the check did not hold."""

    check: str
    holds: bool
    why: str = ""


def conform(command: Sequence[str], only: Sequence[str] = ()) -> list[Outcome]:
    """Every check (or those named) against the client that `command` starts."""
    chosen = [one for one in checks.CHECKS if not only or one.__name__ in only]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda check: _one(command, check), chosen))


def _one(command: Sequence[str], check: checks.Check) -> Outcome:
    server = ContractServer(checks.NOW)
    http = serve(server)
    client = Driver(command)
    try:
        base = f"http://127.0.0.1:{http.server_address[1]}/"
        client.do("start", server=base, public_keys=[server.public_pem], now=checks.NOW, profile="cwa")
        check(checks.Bench(client, server))
    except AssertionError as exc:
        return Outcome(check.__name__, holds=False, why=str(exc)[:300])
    except (ClientError, DriverError, KeyError, TypeError, ValueError) as exc:
        return Outcome(check.__name__, holds=False, why=f"{type(exc).__name__}: {exc}"[:300])
    finally:
        client.close()
        http.shutdown()
        http.server_close()
    return Outcome(check.__name__, holds=True)
