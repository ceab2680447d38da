"""The files of a backup: what was written comes back, and what was spoiled is found."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bson
import pytest
from bson.raw_bson import RawBSONDocument
from bson.timestamp import Timestamp

from shared.recovery.bson_files import Damaged, DocumentWriter, documents_in, private_file, sealed, sealed_in
from shared.recovery.journal import JOURNAL, MARK
from shared.recovery.manifest import Collection, KafkaAt, Manifest, NoBackup
from shared.recovery.playback import changes_in

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def a_manifest(*collections: Collection) -> Manifest:
    """A manifest of visits' collections."""
    kafka = KafkaAt("cluster", {"visits.events": [3] * 8}, {"scoring": {"visits.events": [-1] * 8}})
    return Manifest(
        taken_at=NOON.isoformat(),
        seconds=7,
        increment=2,
        prefix="xianfeng_",
        versions={"mongodb": "6.0.5"},
        databases={"visits": list(collections)},
        archives={"visits": {"sequence": 5, "hash": "ab"}},
        files={},
        kafka=kafka,
    )


def a_collection(folder: Path, *documents: dict[str, Any]) -> Collection:
    """A file of documents and what the manifest says of it."""
    (folder / "visits").mkdir()
    writer = DocumentWriter(folder / "visits" / "visits.bson")
    for document in documents:
        writer.write(RawBSONDocument(bson.encode(document)))
    told = writer.close()
    indexes = [{"v": 2, "key": {"path": 1, "occurred_at": -1}, "name": "list"}]
    return Collection("visits", "visits/visits.bson", told.documents, told.bytes, told.sha256, indexes, {})


def a_line(at: int, operation: dict[str, Any]) -> bytes:
    """A line of a journal, so many seconds after noon."""
    return sealed({"ts": Timestamp(at, 1), "wall": NOON + timedelta(seconds=at), **operation})


def a_journal(folder: Path, *lines: bytes) -> None:
    (folder / JOURNAL).write_bytes(b"".join(lines))


def test_documents_come_back_byte_by_byte_and_nobody_else_may_read_them(tmp_path: Path) -> None:
    collection = a_collection(tmp_path, {"_id": 1, "note": "走访"}, {"_id": 2})
    file = tmp_path / collection.file

    assert collection.documents == 2
    assert b"".join(document.raw for document in documents_in(file)) == file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    private_file(tmp_path / "file").close()
    with pytest.raises(FileExistsError):
        private_file(tmp_path / "file")


def test_a_manifest_comes_back_with_the_order_of_its_indexes(tmp_path: Path) -> None:
    manifest = a_manifest(a_collection(tmp_path, {"_id": 1}))
    manifest.write(tmp_path)
    read = Manifest.read(tmp_path)

    assert read == manifest
    assert list(read.databases["visits"][0].indexes[0]["key"]) == ["path", "occurred_at"]
    assert read.cluster_time == Timestamp(7, 2)


def test_a_folder_without_a_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(NoBackup, match="没有做完"):
        Manifest.read(tmp_path)


def test_a_manifest_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(NoBackup, match="99"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize("at", [0, 20, -1])
def test_a_file_that_was_spoiled_anywhere_is_named(tmp_path: Path, at: int) -> None:
    manifest = a_manifest(a_collection(tmp_path, {"_id": 1, "note": "走访"}))
    file = tmp_path / "visits" / "visits.bson"
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)

    with pytest.raises(Damaged, match=r"visits/visits\.bson"):
        manifest.check(tmp_path, ["visits"])
    manifest.check(tmp_path, ["identity"])


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    manifest = a_manifest(a_collection(tmp_path, {"_id": 1}))
    (tmp_path / "visits" / "visits.bson").unlink()
    with pytest.raises(Damaged, match=r"visits/visits\.bson"):
        manifest.check(tmp_path, ["visits"])


def test_what_a_killed_process_left_half_written_is_left_out(tmp_path: Path) -> None:
    whole, half = a_line(1, {"op": "i", "ns": "xianfeng_visits.visits", "o": {"_id": 1}}), a_line(2, {"op": MARK})
    a_journal(tmp_path, whole, half[:-3])

    assert [(end, line["ts"]) for end, line in sealed_in(tmp_path / JOURNAL)] == [(len(whole), Timestamp(1, 1))]


def test_a_spoiled_line_of_a_journal_is_not_played(tmp_path: Path) -> None:
    line = bytearray(a_line(1, {"op": "i", "ns": "xianfeng_visits.visits", "o": {"_id": 1, "note": "aaaa"}}))
    line[line.index(b"aaaa")] ^= 1
    a_journal(tmp_path, bytes(line))
    with pytest.raises(Damaged):
        list(changes_in(tmp_path))


def test_a_journal_gives_its_changes_in_order_transactions_one_by_one_and_marks_none(tmp_path: Path) -> None:
    together = {
        "applyOps": [
            {"op": "u", "ns": "xianfeng_members.members", "o": {}, "o2": {"_id": 1}},
            {"op": "i", "ns": "xianfeng_members.disposals", "o": {"_id": 2}},
        ]
    }
    a_journal(
        tmp_path,
        a_line(1, {"op": "i", "ns": "xianfeng_visits.visits", "o": {"_id": 1}}),
        a_line(2, {"op": MARK}),
        a_line(3, {"op": "c", "ns": "admin.$cmd", "o": together}),
        a_line(4, {"op": "c", "ns": "xianfeng_visits.$cmd", "o": {"dropDatabase": 1}}),
    )
    changes = list(changes_in(tmp_path))
    until = list(changes_in(tmp_path, NOON + timedelta(seconds=3)))

    assert [(change.database, change.operation["op"], change.drops) for change in changes] == [
        ("xianfeng_visits", "i", None),
        ("xianfeng_members", "u", None),
        ("xianfeng_members", "i", None),
        ("xianfeng_visits", "c", "dropDatabase"),
    ]
    assert until == changes[:3]


def test_a_transaction_that_goes_on_in_another_entry_is_not_half_played(tmp_path: Path) -> None:
    a_journal(tmp_path, a_line(1, {"op": "c", "ns": "admin.$cmd", "o": {"applyOps": [], "partialTxn": True}}))
    with pytest.raises(Damaged, match="transaction"):
        list(changes_in(tmp_path))
