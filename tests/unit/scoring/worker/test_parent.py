"""A child process ends with who started it, and by itself without a word when it is done before."""

import subprocess
import sys

_PATIENCE_SECONDS = 30
_CHILD = "import time; from services.scoring.worker.parent import end_with_parent; end_with_parent(); time.sleep({})"


def a_child(seconds: float) -> subprocess.Popen[bytes]:
    """One that is done after so many seconds, while its standard input is held."""
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD.format(seconds)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_one_that_is_done_ends_well_although_its_standard_input_is_open() -> None:
    with a_child(0.2) as child:
        code = child.wait(_PATIENCE_SECONDS)
        assert child.stderr is not None

        assert (code, child.stderr.read()) == (0, b"")


def test_one_ends_when_whoever_started_it_lets_go() -> None:
    with a_child(10 * _PATIENCE_SECONDS) as child:
        assert child.stdin is not None
        child.stdin.close()

        assert child.wait(_PATIENCE_SECONDS) == 0
