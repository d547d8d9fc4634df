"""What Prometheus is told, and the small page that tells it, with liveness and readiness; names in conventions.md.

A role tells only what it has measured itself: a 0 of one that never looks would read as that all is well."""

import threading
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1200, 2400, 3600, 7200, 14400)

ACCEPTED = Counter("sharewell_events_accepted", "Events kept", ["kind", "publisher"], registry=None)
REFUSED = Counter("sharewell_events_refused", "Records kept as refused", ["publisher"], registry=None)
DELIVERIES = Counter(
    "sharewell_deliveries", "Deliveries by outcome", ["recipient_kind", "channel", "outcome"], registry=None
)
ACKNOWLEDGED = Histogram(
    "sharewell_delivery_seconds",
    "From kept to acknowledged by a person",
    ["recipient_kind", "channel"],
    buckets=SECONDS,
    registry=None,
)
DEAD_LETTERS = Gauge("sharewell_dead_letters", "Refused records that nobody has closed", registry=None)
OVERDUE = Gauge("sharewell_clock_overdue", "Clocks past due and not yet fired, or exhausted and open", registry=None)
OLDEST = Gauge("sharewell_outbox_oldest_seconds", "Age of the oldest delivery not sent", registry=None)
SILENCE = Gauge("sharewell_publisher_silence_seconds", "Since a publisher was heard", ["publisher"], registry=None)
LAG = Gauge(
    "sharewell_kafka_lag", "Records of a topic that a group has not acknowledged", ["group", "topic"], registry=None
)
GROUP_LAG = Gauge("sharewell_kafka_group_lag", "The same of all its topics together", ["group"], registry=None)
FIRED = Counter("sharewell_clock_rungs_fired", "Rungs of clocks fired", registry=None)
BEAT = Gauge("sharewell_heartbeat_age_seconds", "Since the role last did its round", ["role"], registry=None)

Metric = Counter | Gauge | Histogram
OWED: tuple[Metric, ...] = (DEAD_LETTERS, OVERDUE, OLDEST, SILENCE)
"""Asked of the ledger by the clock worker; of no role before its first look."""
OF_ROLE: Mapping[str, tuple[Metric, ...]] = {
    "router": (BEAT, ACCEPTED, REFUSED, DELIVERIES, ACKNOWLEDGED),
    "deliver": (BEAT,),
    "clocks": (BEAT, FIRED, LAG, GROUP_LAG),
}
"""What each role counts from its start."""
NAMES = frozenset(family.name for metric in (*OWED, *sum(OF_ROLE.values(), ())) for family in metric.collect())
"""Of all of them, without the `_total` of counters."""


def beat(role: str) -> None:
    """The role has done its round. Told as an age, by the clock that only rises: beside Prometheus' time a moment of
    this computer's would read as a death when its clock jumps back, and hide one when it jumps on."""
    at = monotonic()
    BEAT.labels(role).set_function(lambda: monotonic() - at)


REGISTRY = CollectorRegistry()
"""What this process tells."""


def show(metrics: Iterable[Metric]) -> None:
    """From now on this process tells these; once told, they stay."""
    for metric in metrics:
        if metric not in _told:
            _told.add(metric)
            REGISTRY.register(metric)


_told: set[Metric] = set()

Ready = Callable[[], tuple[bool, str]]
"""Whether the process can do its work now, and one word why not."""


def serve(host: str, port: int, ready: Ready) -> ThreadingHTTPServer:
    """Serve /healthz, /readyz and /metrics from a thread; port 0 takes a free one."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/healthz":
                self._answer(200, b"alive\n")
            elif self.path == "/readyz":
                is_ready, why = ready()
                self._answer(200 if is_ready else 503, f"{'ready' if is_ready else why}\n".encode())
            elif self.path == "/metrics":
                self._answer(200, generate_latest(REGISTRY), CONTENT_TYPE_LATEST)
            else:
                self._answer(404, b"there are /healthz, /readyz and /metrics\n")

        def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name is the base class's
            """Requests are not logged: a URL could be anything."""

    server = ThreadingHTTPServer((host, port), Page)
    threading.Thread(target=server.serve_forever, daemon=True, name="metrics").start()
    return server
