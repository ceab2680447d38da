"""A fold in a process of its own, as the worker is: Faust leaves its loops open. Arguments: address, folder."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from services.scoring.settings import TOPICS
from services.scoring.worker.agent import Agent
from services.scoring.worker.batches import BatchHandling
from services.scoring.worker.faust_app import Told
from shared.events.base import Event, Fact
from shared.kafka.producer import DEAD_LETTER_BYTES, KafkaPublisher


async def fold(facts: Sequence[Fact[Event]]) -> None:
    """Say what came."""
    for fact in facts:
        sys.stdout.write(f"{fact.subject}\n")
        sys.stdout.flush()


def main() -> None:
    """Fold until somebody ends it."""
    address, folder = sys.argv[1:]
    dead_letters = KafkaPublisher(address, "scoring-dead-letters", max_request_bytes=DEAD_LETTER_BYTES)
    told = Told(address, "scoring", TOPICS, Path(folder))
    asyncio.run(Agent(told, BatchHandling("scoring", fold, dead_letters)).run(asyncio.Event()))


if __name__ == "__main__":
    main()
