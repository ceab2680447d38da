"""What breaks first at each size: the utilisation law and M/M/c over the figures of scale_costs.py, nothing else.

A part is busy for (facts a second x seconds of one core each) / cores. Parts are judged at the peak; above `FULL` a
part is too busy. Nothing here measures or waits: the same figures give the same answer.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.scale_costs import (
    COSTS,
    DOCUMENTS,
    FACTS,
    FACTS_IN_ALL,
    GIVEN,
    PARTITIONS,
    READS,
    Given,
    Size,
)

FULL = 0.7
NO_PROCESS = frozenset({"notifications, lanes of a topic", "mongod, random reads of its disk"})
"""Parts that are limits of others, with no processor time of their own."""
_ENVOY_THREADS = 2
_ARGON2_AT_ONCE = 2
_LEDGER = next(each for each in DOCUMENTS if each.collection == "scoring.ledger")
_RANDOM_WRITES = FACTS_IN_ALL + 2 * _LEDGER.per_entered
"""Places in random indexes one entered fact touches: an archived fact's id; a ledger entry's id and its slot."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the platform under one load of entered facts a second.

    `fixed` and `shared` are cores' worth of work: the first cannot be shared out (a relay under its lease, a lane),
    the second is, over replicas of `width` cores. `most` replicas can be used, `least` and `given` are what a
    deployment has before and after it grew. `service_seconds` is what one request takes, zero where none queue.
    """

    name: str
    fixed: float
    shared: float
    width: float
    least: int
    given: int
    most: float
    service_seconds: float = 0

    def busy(self, replicas: int) -> float:
        """The share of time its busiest replica works; above 1 a queue grows without end."""
        return (self.fixed + self.shared / min(replicas, self.most)) / self.width

    @property
    def needed(self) -> int | None:
        """The fewest replicas that stay under `FULL`; None when no number does."""
        room = FULL * self.width - self.fixed
        if room <= 0:
            return None
        replicas = max(1, math.ceil(self.shared / room - 1e-9))
        return replicas if replicas <= self.most else None

    @property
    def breaks(self) -> bool:
        """Whether what is given, grown as far as it grows, is too busy."""
        return self.busy(self.given) > FULL

    @property
    def waiting(self) -> float | None:
        """Mean seconds in its queue with the least replicas; None where it has no queue of requests or no end."""
        if not self.service_seconds:
            return None
        servers = round(self.least * self.width)
        return mean_wait(self.shared / self.service_seconds, self.service_seconds, servers)


def mean_wait(arrivals: float, service_seconds: float, servers: int) -> float | None:
    """Mean wait of M/M/c (Erlang C) in seconds; None when more arrives than is served."""
    offered = arrivals * service_seconds
    if offered >= servers:
        return None
    blocked = 1.0
    for used in range(1, servers + 1):
        blocked = offered * blocked / (used + offered * blocked)
    delayed = blocked / (1 - offered / servers * (1 - blocked))
    return delayed * service_seconds / (servers - offered)


def parts(entered: float, size: Size, years: float = 1) -> tuple[Part, ...]:
    """Every part under so many entered facts a second, with the data of so many years in its store."""
    given = GIVEN[size.name]
    return (*_in_front(entered, given), *_workers(entered, given), *_stores(entered, size, given, years))


def _in_front(entered: float, given: Given) -> Iterator[Part]:
    posts, reads = entered * _cost("requests for an entered fact"), entered * _cost("reads for an entered fact")
    sign_ins = entered * _cost("sign-ins for an entered fact")
    gateway, least, most = _cost("request, gateway"), *given.apis
    load = (posts + reads + sign_ins) * gateway
    yield Part("gateway", 0, load, _ENVOY_THREADS, given.gateways, given.gateways, math.inf, gateway)
    hash_time = _cost("sign-in, identity")
    yield Part("identity api", 0, sign_ins * hash_time, _ARGON2_AT_ONCE, given.identities, most, math.inf, hash_time)
    for service, share in READS.items():
        written = posts * FACTS[service] if service in {"members", "visits", "duties"} else 0.0
        read = reads * share
        load = written * _cost("POST, api") + read * _cost("read, api")
        yield Part(f"{service} api", 0, load, 1, least, most, math.inf, load / (written + read) if load else 0)


def _workers(entered: float, given: Given) -> Iterator[Part]:
    hottest, about_members = _cost("hottest partition"), entered * FACTS["members"]
    consumed = {
        "members": 0.0,
        "visits": about_members * _cost("fact, projection"),
        "duties": about_members * _cost("fact, projection"),
        "notifications": entered * _cost("fact, notifications"),
        "scoring": entered * FACTS_IN_ALL * _cost("fact, fold"),
    }
    for service, load in consumed.items():
        replicas = given.folds if service == "scoring" else given.workers
        relay = entered * FACTS[service] * _cost("fact, relay")
        uneven = hottest if replicas > 1 else 1
        yield Part(f"{service} worker", relay, load * uneven, 1, replicas, replicas, PARTITIONS)
    lanes = entered * _cost("fact, notifications in its lane") * hottest
    yield Part("notifications, lanes of a topic", lanes, 0, PARTITIONS, 1, 1, 1)


def _stores(entered: float, size: Size, given: Given, years: float) -> Iterator[Part]:
    busy = entered * (
        _cost("requests for an entered fact") * _cost("POST, mongod")
        + _cost("reads for an entered fact") * _cost("read, mongod")
        + FACTS_IN_ALL * (_cost("fact, relay at mongod") + _cost("fact, fold at mongod"))
        + _cost("fact, notifications at mongod")
        + 3 * FACTS["members"] * _cost("fact, projection at mongod")
    )
    yield Part("mongod, processor of the primary", busy, 0, given.mongod_cores, 1, 1, 1)
    missed = max(0.0, 1 - 0.8 * given.cache / hot_bytes(size, years))
    reads = entered * _RANDOM_WRITES * missed
    yield Part("mongod, random reads of its disk", reads, 0, _cost("random reads of a disk"), 1, 1, 1)
    yield Part("Kafka, busiest broker", entered * FACTS_IN_ALL * _cost("fact, broker"), 0, given.broker_cores, 1, 1, 1)


def hot_bytes(size: Size, years: float) -> float:
    """Indexes that must be in memory: members', the year's, and of all years those that are written at random."""
    rest = sum(each.per_entered * each.index for each in DOCUMENTS if not each.is_random)
    random = sum(each.per_entered * each.index for each in DOCUMENTS if each.is_random)
    return size.members * _cost("member, indexes") + size.a_year * (random * years + rest * min(years, 1))


def mongo_bytes_a_year(size: Size) -> tuple[float, float]:
    """Data and indexes that a year adds on one member of the set; what members take once is not in it."""
    return (
        size.a_year * sum(each.per_entered * each.data for each in DOCUMENTS),
        size.a_year * sum(each.per_entered * each.index for each in DOCUMENTS),
    )


def kafka_bytes_a_year(size: Size) -> float:
    """What a year adds to the topics on one broker that holds all partitions."""
    return size.a_year * FACTS_IN_ALL * _cost("fact, bytes in Kafka")


def members_bytes(size: Size) -> float:
    """What the members themselves take on one member of the set."""
    return size.members * (_cost("member, data") + _cost("member, indexes"))


def years_until_full(size: Size) -> tuple[float, float]:
    """Years until the given disks of mongod and of a broker are full to `FULL`."""
    given = GIVEN[size.name]
    mongo = (FULL * given.mongo_disk - members_bytes(size)) / sum(mongo_bytes_a_year(size))
    return mongo, FULL * given.kafka_disk / kafka_bytes_a_year(size)


def rebuild_seconds(size: Size) -> float:
    """How long two processes take to fold the facts of a year, if the rate measured of them holds for so many."""
    return size.a_year * FACTS_IN_ALL * _cost("fact, rebuilt")


def verify_bytes(size: Size, years: float) -> float:
    """Memory `verify-scores` needs beside the fold: a number for each entry of the ledger, of all years."""
    return years * size.a_year * _LEDGER.per_entered * _cost("entry, verified")


def years_verified(size: Size) -> float:
    """Years until `verify-scores` no longer fits into scoring-worker's memory, where it is run."""
    return (GIVEN[size.name].fold_memory - _cost("fold, memory")) / verify_bytes(size, 1)


def partitions_needed(entered: float) -> int:
    """Partitions a topic needs so that neither notifications' lanes nor the fold's replicas are too busy."""
    hottest = _cost("hottest partition")
    lanes = entered * _cost("fact, notifications in its lane") * hottest / FULL
    fold = entered * FACTS_IN_ALL * _cost("fact, fold") * hottest / FULL
    return max(1, math.ceil(lanes), math.ceil(fold))


def wall(name: str, size: Size) -> float:
    """Entered facts a second up to which a part stays under `FULL` with all replicas it can use; may be infinite."""
    one = next(part for part in parts(1, size) if part.name == name)
    each = one.fixed + (0 if math.isinf(one.most) else one.shared / one.most)
    return math.inf if each == 0 else FULL * one.width / each


def first_to_break(size: Size, years: float = 1) -> Part:
    """The part that is busiest at the peak with all that is given, whether it breaks or not."""
    return max(parts(size.peak, size, years), key=lambda part: part.busy(part.given))


def wanted(size: Size) -> tuple[float, float]:
    """Cores and bytes of memory that keep every part under `FULL` at the peak, on one platform, all copies included.

    Secondaries and the other brokers are reckoned like the first; a store is given twice its cache and three times its
    heap, at least one process of each kind runs.
    """
    given, cores, processes = GIVEN[size.name], 0.0, 0
    for part in parts(size.peak, size):
        if part.name.startswith(("mongod, processor", "Kafka")):
            cores += given.copies * (part.fixed + part.shared) / FULL
        elif part.name not in NO_PROCESS:
            cores += (part.fixed + part.shared) / FULL
            processes += max(part.least, part.needed or PARTITIONS)
    memory = processes * _cost("process, memory") + given.copies * (2 * given.cache + 3 * given.heap)
    return cores, memory


def _cost(name: str) -> float:
    return COSTS[name].value
