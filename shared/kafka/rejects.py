"""Dead letters: what cannot be handled goes to `<topic>.rejected` as it came, with who, why and where from."""

from collections import deque
from dataclasses import dataclass

from shared.events.catalogue import rejected_topic
from shared.events.codec import Headers, Message, Unreadable
from shared.kafka.producer import Outgoing
from shared.kernel.errors import DomainError

CONSUMER, REASON, DETAIL, ORIGIN = "xf_consumer", "xf_reason", "xf_detail", "xf_origin"
REDELIVER_FOR = "xf_redeliver_for"
OURS = frozenset({CONSUMER, REASON, DETAIL, ORIGIN, REDELIVER_FOR})
_LONGEST_DETAIL = 1000
_IN_A_RUN = 500
_WINDOW = 1000
_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came: where from, and when the broker stamped it (seconds since the epoch)."""

    topic: str
    partition: int
    offset: int
    message: Message
    stamped_at: float


def header(headers: Headers, name: str) -> str | None:
    """The text of a header, None when there is none."""
    for candidate, value in headers:
        if candidate == name:
            return value.decode("utf-8", errors="replace")
    return None


def without_ours(headers: Headers) -> Headers:
    """The headers the producer gave, without those a dead letter or a redelivery adds."""
    return tuple((name, value) for name, value in headers if name not in OURS)


def dead_letter(received: Received, consumer: str, error: DomainError) -> Outgoing:
    """The message for `.rejected`: key, value and headers as they came, and why it is there."""
    reason = error.reason if isinstance(error, Unreadable) else error.code
    told = (
        (CONSUMER, consumer),
        (REASON, reason),
        (DETAIL, str(error)[:_LONGEST_DETAIL]),
        (ORIGIN, f"{received.topic}/{received.partition}/{received.offset}"),
    )
    message = received.message
    key = message.key
    if key is None and message.value is None:
        key = b""  # Kafka's clients refuse a record that has neither
    headers = (*without_ours(message.headers), *((name, text.encode("utf-8", "replace")) for name, text in told))
    return Outgoing(rejected_topic(received.topic), Message(key, headers, message.value))


class RejectLimit:
    """How many rejects are too many: then it is not the messages that are wrong, it is us.

    `pause_seconds` is how long the process stands still, unready, before it ends.
    """

    def __init__(
        self, *, in_a_run: int = _IN_A_RUN, window: int = _WINDOW, pause_seconds: float = _PAUSE_SECONDS
    ) -> None:
        self.pause_seconds = pause_seconds
        self._in_a_run = in_a_run
        self._run = 0
        self._rejected = 0
        self._window: deque[bool] = deque(maxlen=window)

    def exceeded_by(self, *, rejected: bool) -> bool:
        """Count one more message; True when there were 500 rejects in a run, or half of the last 1,000."""
        self._run = self._run + 1 if rejected else 0
        if len(self._window) == self._window.maxlen:
            self._rejected -= self._window[0]
        self._window.append(rejected)
        self._rejected += rejected
        full = len(self._window) == self._window.maxlen
        return self._run >= self._in_a_run or (full and 2 * self._rejected >= len(self._window))
