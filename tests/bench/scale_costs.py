"""What one thing costs, what a size brings, what the overlays give: the table that the model of scale.py reckons with.

`MEASURED` stands in docs/performance.md, in build/bench.jsonl or was read off the demo township; `ASSUMED` is our
guess, to be replaced by a measurement; `STATED` comes from the domain's sources or from the code. Times are seconds of
one processor core, sizes are bytes.
"""

from dataclasses import dataclass
from enum import StrEnum

MICROSECOND = 1e-6
MILLISECOND = 1e-3
MIB = 1024**2
GIB = 1024**3
TIB = 1024**4


class Basis(StrEnum):
    """How far a figure may be trusted."""

    MEASURED = "measured"
    ASSUMED = "assumed"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Cost:
    """One figure: its value in seconds, bytes or by the name of its unit, and where it comes from."""

    value: float
    unit: str
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True)
class Stored:
    """Documents of one collection: how many for one entered fact, and the bytes on disk of each, compressed."""

    collection: str
    per_entered: float
    data: float
    index: float
    basis: Basis = Basis.MEASURED
    is_random: bool = False
    """Its index is written at random places for ever, so it has to be in memory or costs a read of the disk."""


@dataclass(frozen=True, slots=True)
class Size:
    """What people bring: entered facts a day (the higher figure of the source) and at the peak, a second."""

    name: str
    branches: int
    members: int
    entered_a_day: int
    peak: float
    basis: str

    @property
    def mean(self) -> float:
        """Entered facts a second, over the whole day."""
        return self.entered_a_day / 86_400

    @property
    def a_year(self) -> int:
        """Entered facts a year."""
        return self.entered_a_day * 365


@dataclass(frozen=True, slots=True)
class Given:
    """What a deployment gives: replicas (apis at the least, at the most), cores of one mongod and one broker, copies.

    Identity's apis may begin with more than the others: `identities`.

    In bytes: MongoDB's cache, the disks, Kafka's heap, the limit of scoring-worker.
    """

    name: str
    gateways: int
    apis: tuple[int, int]
    workers: int
    folds: int
    mongod_cores: float
    broker_cores: float
    cache: float
    mongo_disk: float
    kafka_disk: float
    heap: float
    fold_memory: float
    copies: int
    identities: int


# Facts of the demo township (7,102 in the five archives): those people entered are members', visits' and duties'.
_MEMBERS, _VISITS, _DUTIES, _NOTIFICATIONS, _SCORING = 491, 1853, 436, 2917, 1405
ENTERED = _MEMBERS + _VISITS + _DUTIES
FACTS = {
    "members": _MEMBERS / ENTERED,
    "visits": _VISITS / ENTERED,
    "duties": _DUTIES / ENTERED,
    "notifications": _NOTIFICATIONS / ENTERED,
    "scoring": _SCORING / ENTERED,
}
"""Facts each service publishes for one fact that people enter."""
FACTS_IN_ALL = sum(FACTS.values())

READS = {"members": 0.1, "visits": 0.3, "duties": 0.05, "scoring": 0.3, "notifications": 0.25}
"""Where reads go; assumed."""

PARTITIONS = 8
"""Of every topic; a test holds it equal to the catalogue."""

_PERFORMANCE = "performance.md"
_STACK = "trial of the stack, November 2026"
_DEMO = "demo township, 7,102 facts"
COSTS: dict[str, Cost] = {
    "POST, api": Cost(700 * MICROSECOND, "s", Basis.MEASURED, f"{_PERFORMANCE}: 0.7 ms of processor a request"),
    "POST, mongod": Cost(250 * MICROSECOND, "s", Basis.ASSUMED, "one document, four indexes, majority"),
    "read, api": Cost(1000 * MICROSECOND, "s", Basis.ASSUMED, "a page of a list, somewhat above a POST"),
    "read, mongod": Cost(300 * MICROSECOND, "s", Basis.ASSUMED, "an index range and its documents"),
    "request, gateway": Cost(175 * MICROSECOND, "s", Basis.MEASURED, f"{_STACK}: 5,700 requests/s with JWT"),
    "sign-in, identity": Cost(114 * MILLISECOND, "s", Basis.MEASURED, f"{_STACK}: argon2id, two at once a process"),
    "fact, relay": Cost(400 * MICROSECOND, "s", Basis.MEASURED, f"{_PERFORMANCE}: a backlog drains at 2,500 facts/s"),
    "fact, relay at mongod": Cost(150 * MICROSECOND, "s", Basis.MEASURED, _PERFORMANCE),
    "fact, fold": Cost(230 * MICROSECOND, "s", Basis.MEASURED, "167 to 304 µs in the runs of November"),
    "fact, fold at mongod": Cost(90 * MICROSECOND, "s", Basis.MEASURED, "63 to 110 µs in the runs of November"),
    "fact, notifications": Cost(1000 * MICROSECOND, "s", Basis.ASSUMED, "handler, driver and codec; never measured"),
    "fact, notifications at mongod": Cost(400 * MICROSECOND, "s", Basis.ASSUMED, "four round trips"),
    "fact, notifications in its lane": Cost(
        4.4 * MILLISECOND, "s", Basis.ASSUMED, "four round trips (assumed) of 1.1 ms (measured), one after the other"
    ),
    "fact, projection": Cost(600 * MICROSECOND, "s", Basis.ASSUMED, "one upsert; visits, duties read members' facts"),
    "fact, projection at mongod": Cost(100 * MICROSECOND, "s", Basis.ASSUMED, "one upsert"),
    "fact, broker": Cost(65 * MICROSECOND, "s", Basis.ASSUMED, "produced 23 µs (measured), four readers or copies"),
    "fact, rebuilt": Cost(1 / 21_100, "s", Basis.MEASURED, f"{_PERFORMANCE}: 21,100 facts/s, 100,000 facts"),
    "fact, bytes in Kafka": Cost(868, "bytes", Basis.MEASURED, f"{_DEMO}: 6.2 MB of log, not compressed"),
    "member, data": Cost(730, "bytes", Basis.MEASURED, f"{_DEMO}: four services' documents and a card"),
    "member, indexes": Cost(1_540, "bytes", Basis.MEASURED, f"{_DEMO}; 321 members, so rather too much"),
    "entry, verified": Cost(182, "bytes", Basis.MEASURED, "a dict of 400,000 ids and numbers, at rest"),
    "fold, memory": Cost(243 * MIB, "bytes", Basis.MEASURED, f"{_PERFORMANCE}: the most in its runs"),
    "process, memory": Cost(128 * MIB, "bytes", Basis.MEASURED, "70 to 115 MB at rest; the fold alone 167 to 243"),
    "requests for an entered fact": Cost(1, "requests", Basis.ASSUMED, "too many: a visit's problems come with it"),
    "reads for an entered fact": Cost(5, "requests", Basis.ASSUMED, "start page, list, passport"),
    "sign-ins for an entered fact": Cost(0.1, "requests", Basis.ASSUMED, "who signs in enters ten"),
    "hottest partition": Cost(1.3, "times the mean", Basis.ASSUMED, "branches spread by the hash of the key"),
    "random reads of a disk": Cost(3_000, "a second", Basis.ASSUMED, "an ordinary network disk; NVMe has 20 times"),
}
"""Every figure of the model but the collections'."""

DOCUMENTS: tuple[Stored, ...] = (
    Stored("archive (five services)", FACTS_IN_ALL, 373, 89, is_random=True),
    Stored("scoring.ledger", 1642 / ENTERED, 187, 145, is_random=True),
    Stored("visits.visits", 382 / ENTERED, 233, 375, Basis.ASSUMED),
    Stored("visits.problems", 509 / ENTERED, 410, 716),
    Stored("duties.meetings", 432 / ENTERED, 389, 749),
    Stored("notifications.obligations", 1365 / ENTERED, 306, 609),
    Stored("notifications.problem_facts", 997 / ENTERED, 156, 140),
    Stored("notifications, meetings and their versions", 866 / ENTERED, 152, 147),
    Stored("notifications.visits", 382 / ENTERED, 139, 139),
)
"""What grows with the facts, read off the demo township; of `visits.visits` the compression is assumed (0.3)."""

SIZES: tuple[Size, ...] = (
    Size("township", 60, 3_000, 500, 0.23, "stated; its peak: a county's, divided by 30"),
    Size("county", 2_500, 50_000, 15_000, 50_000 / 7_200, "stated; theme day, 50,000 in two hours"),
    Size("province", 230_000, 5_000_000, 1_500_000, 460, "stated"),
    Size("nation", 4_600_000, 100_000_000, 30_000_000, 9_200, "assumed: 20 provinces, peaks at the same time"),
)
_PROVINCE = Given("overlay province", 3, (3, 12), 2, 4, 4, 2, 16 * GIB, 4 * TIB, 2 * TIB, 4 * GIB, 3 * GIB, 3, 4)
GIVEN: dict[str, Given] = {
    "township": Given(
        "make up, 2 cores, 100 GiB", 1, (1, 1), 1, 1, 1, 1, 0.25 * GIB, 50 * GIB, 50 * GIB, GIB / 4, GIB, 1, 1
    ),
    "county": Given("overlay county", 1, (1, 2), 1, 1, 1, 1, 0.5 * GIB, 100 * GIB, 100 * GIB, GIB / 2, GIB, 1, 1),
    "province": _PROVINCE,
    "nation": _PROVINCE,
}
"""By size; a nation is put on the province's overlay to see what breaks. A test holds them to deploy/kubernetes."""
