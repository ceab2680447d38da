"""A child process ends with whoever started it, who holds its standard input open for as long as he lives."""

import contextlib
import os
import sys
import threading

_STANDARD_INPUT = 0
_AT_ONCE = 4096


def end_with_parent() -> None:
    """From now on this process ends, at once and whatever it does, when its standard input does.

    A terminal or nothing at all holds nobody.
    """
    if sys.stdin is not None and not os.isatty(_STANDARD_INPUT):
        end_with(_STANDARD_INPUT)


def end_with(descriptor: int) -> None:
    """The same with whoever holds the other end of a pipe."""
    threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()


def _watch(descriptor: int) -> None:
    """Read by the descriptor: a thread that waits inside `sys.stdin` holds its lock, and the interpreter dies of it."""
    with contextlib.suppress(OSError):
        while os.read(descriptor, _AT_ONCE):
            pass
        os._exit(0)
