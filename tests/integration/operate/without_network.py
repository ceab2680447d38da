"""Runs a command in a network namespace that has loopback and nothing else: `unshare --net … this COMMAND …`."""

import fcntl
import os
import socket
import struct
import sys

# From <linux/sockios.h> and <linux/if.h>; an ifreq is a name of 16 bytes and a union of 24.
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1
_REQUEST = "16sH22x"
_SOMEWHERE = ("192.0.2.1", 9)
"""An address kept for examples (RFC 5737): with any route at all a datagram could be addressed to it."""


def raise_loopback() -> None:
    """A new namespace has a loopback that is down; raised, it has its addresses by itself."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, _GET_FLAGS, struct.pack(_REQUEST, b"lo", 0))
        _, flags = struct.unpack(_REQUEST, answer)
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack(_REQUEST, b"lo", flags | _UP))


def has_a_way_out() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return False
    return True


if __name__ == "__main__":
    raise_loopback()
    if has_a_way_out():
        sys.exit("this namespace has a route to elsewhere")
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the test's own command
