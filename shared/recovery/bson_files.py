"""Documents in files: plain BSON, one after the other, as mongodump writes them, and the sealed lines of a journal."""

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import bson
from bson.codec_options import CodecOptions
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument

RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
"""Documents stay the bytes they are: nothing is lost by being read and written again."""
_CHUNK = 1024 * 1024
_LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a file: how many documents, how many bytes, their SHA-256."""

    documents: int
    bytes: int
    sha256: str


class Damaged(Exception):
    """A file is not what was written; the sentence names it."""


class DocumentWriter:
    """Writes documents one after the other into a new file only we may read; durable once it is closed."""

    def __init__(self, path: Path) -> None:
        self._file = private_file(path)
        self._digest = hashlib.sha256()
        self._documents = self._bytes = 0

    def write(self, document: RawBSONDocument) -> None:
        """Add one."""
        raw = document.raw
        self._file.write(raw)
        self._digest.update(raw)
        self._documents += 1
        self._bytes += len(raw)

    def close(self) -> Written:
        """Make it durable and say what is in it."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Written(self._documents, self._bytes, self._digest.hexdigest())


def private_file(path: Path) -> BinaryIO:
    """A new file of mode 0600, whatever the umask; raises FileExistsError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read a piece at a time."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def documents_in(path: Path) -> Iterator[RawBSONDocument]:
    """The documents of a file, one at a time; raises Damaged."""
    with path.open("rb") as file:
        try:
            yield from bson.decode_file_iter(file, RAW)
        except InvalidBSON as error:
            raise Damaged(f"{path}: {error}") from error


def sealed(content: dict[str, Any]) -> bytes:
    """A line of a journal: the content and its check sum, so that what was spoiled on disk is not played."""
    inner = bson.encode(content)
    return bson.encode({"crc32": zlib.crc32(inner), "content": inner})


def sealed_in(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a journal, each with where in the file it ends.

    The last line may be half written (the process was killed): it is left out. Raises Damaged for a spoiled one.
    """
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while size - at > _LENGTH_BYTES:
            head = file.read(_LENGTH_BYTES)
            length = int.from_bytes(head, "little")
            if length <= _LENGTH_BYTES:
                raise Damaged(f"{path}: byte {at}")
            if at + length > size:
                return
            yield at + length, _opened(head + file.read(length - _LENGTH_BYTES), path, at)
            at += length


def _opened(line: bytes, path: Path, at: int) -> dict[str, Any]:
    try:
        read = bson.decode(line)
        inner = bytes(read["content"])
        if zlib.crc32(inner) != read["crc32"]:
            raise Damaged(f"{path}: byte {at}")
        return bson.decode(inner, CodecOptions(tz_aware=True))
    except (InvalidBSON, KeyError, TypeError) as error:
        raise Damaged(f"{path}: byte {at}: {error}") from error
