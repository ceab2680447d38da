"""Signing keys in a folder: made once, readable by us alone, changed without a gap."""

import asyncio
import os
import stat
import time
from pathlib import Path

import pytest

from services.identity.adapters.key_folder import KeyFolder
from shared.kernel.errors import Unavailable


async def test_several_starts_at_once_end_with_one_key(tmp_path: Path) -> None:
    folders = [KeyFolder(tmp_path / "keys") for _ in range(4)]
    await asyncio.gather(*(folder.ensure() for folder in folders))

    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["signing-1.pem"]
    assert len({folder.signing().kid for folder in folders}) == 1


async def test_nobody_else_may_read_a_key(tmp_path: Path) -> None:
    await KeyFolder(tmp_path / "keys").ensure()

    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "signing-1.pem").stat().st_mode) == 0o600


async def test_a_restart_keeps_the_key(tmp_path: Path) -> None:
    first = KeyFolder(tmp_path)
    await first.ensure()
    second = KeyFolder(tmp_path)
    await second.ensure()

    assert second.signing().kid == first.signing().kid


async def test_a_new_key_is_published_before_it_signs(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    await folder.ensure()
    old = folder.signing().kid
    await folder.add()
    young = KeyFolder(tmp_path)
    published = [key["kid"] for key in young.public()["keys"]]
    assert (young.signing().kid, published[0], len(set(published))) == (old, old, 2)

    for number, age in ((1, 4000), (2, 700)):
        path = tmp_path / f"signing-{number}.pem"
        since = path.stat().st_mtime - age
        os.utime(path, (since, since))

    assert KeyFolder(tmp_path).signing().kid == published[1]


async def test_keys_that_vanish_from_the_folder_stay_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = KeyFolder(tmp_path)
    await folder.ensure()
    known = folder.signing().kid
    (tmp_path / "signing-1.pem").unlink()
    later = time.monotonic() + 60
    monkeypatch.setattr("services.identity.adapters.key_folder.time.monotonic", lambda: later)

    assert folder.signing().kid == known
    assert [key["kid"] for key in folder.public()["keys"]] == [known]


def test_without_any_key_nothing_is_signed(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        KeyFolder(tmp_path).signing()
