"""Which of MongoDB's errors mean "try again later": they become `Unavailable`, all others stay what they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from shared.kernel.errors import Unavailable

# Stepping down, shutting down, out of time: mongo/src/mongo/base/error_codes.yml, categories NotPrimaryError,
# ShutdownError, ExceededTimeLimitError.
_PASSING = frozenset({50, 91, 189, 262, 10107, 11600, 11602, 13435, 13436})


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn connection losses and time-outs into Unavailable("mongodb")."""
    try:
        yield
    except PyMongoError as error:
        if is_passing(error):
            raise Unavailable("mongodb") from error
        raise


def is_passing(error: PyMongoError) -> bool:
    """Whether the same operation may succeed later."""
    return (
        isinstance(error, ConnectionFailure)
        or error.timeout
        or error.has_error_label("RetryableWriteError")
        or (isinstance(error, OperationFailure) and error.code in _PASSING)
    )
