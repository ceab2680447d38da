"""The archive itself: one folder, its files in order of name, the same bytes for the same content, a sum for each."""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"
Content = bytes | Path
"""What goes into a file: these bytes, or those of another file."""


def pack(target: Path, folder: str, source: bytes, added: Mapping[str, Content], moment: int) -> str:
    """Write the archive: the committed files (`source`, a tar), what is added by path, and the sums of all.

    Every file carries the same `moment` (seconds since 1970) and no owner. The archive appears under its name when it
    is whole. Returns its sha256.
    """
    sums: dict[str, str] = {}
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.part")
    with tarfile.open(beside, "w") as packed, tarfile.open(fileobj=io.BytesIO(source)) as committed:
        for member in sorted(committed.getmembers(), key=lambda each: each.name):
            content = committed.extractfile(member) if member.isreg() else None
            if content is not None:
                sums[member.name] = _add(packed, folder, member, content.read(), moment)
            elif not member.isdir():  # a link has no bytes of its own
                _add(packed, folder, member, b"", moment)
        for name, what in sorted(added.items()):
            sums[name] = _add(packed, folder, tarfile.TarInfo(name), what, moment)
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        _add(packed, folder, tarfile.TarInfo(SUMS), lines.encode(), moment)
    beside.replace(target)
    return digest_of(target)


def unpack(source: bytes, folder: Path) -> None:
    """Lay the committed files out in a folder, to be read as they will be delivered."""
    with tarfile.open(fileobj=io.BytesIO(source)) as committed:
        committed.extractall(folder, filter="data")


def digest_of(content: Content) -> str:
    """Compute a sha256."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(packed: tarfile.TarFile, folder: str, member: tarfile.TarInfo, content: Content, moment: int) -> str:
    """Put one file in under the folder; a file of another place is read as it is written, not kept in memory."""
    fresh = tarfile.TarInfo(f"{folder}/{member.name}")
    fresh.type, fresh.linkname = member.type, member.linkname
    fresh.mode, fresh.mtime = (0o755 if member.mode & 0o100 else 0o644), moment
    if isinstance(content, Path):
        fresh.size = content.stat().st_size
        with content.open("rb") as file:
            packed.addfile(fresh, file)
    else:
        fresh.size = len(content)
        packed.addfile(fresh, io.BytesIO(content))
    return digest_of(content)
