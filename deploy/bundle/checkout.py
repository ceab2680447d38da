"""The code that goes into a bundle: what is committed, as git keeps it, and the moment it was committed."""

import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self


class NotACheckout(Exception):
    """There is no git checkout here to take the code from; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A committed state of the code: its version, its commit, and when that was made."""

    root: Path
    version: str
    commit: str
    moment: datetime

    @classmethod
    def at(cls, root: Path) -> Self:
        """Read what is checked out; raises NotACheckout where there is no git, no checkout or no commit."""
        commit, seconds = _git(root, "log", "-1", "--format=%H %ct").decode().split()
        project = tomllib.loads(_git(root, "show", "HEAD:pyproject.toml").decode())
        return cls(root, project["project"]["version"], commit, datetime.fromtimestamp(int(seconds), UTC))

    @property
    def name(self) -> str:
        """Name this state in a file name: the version and the first digits of the commit."""
        return f"{self.version}-{self.commit[:12]}"

    def archive(self) -> bytes:
        """Pack the committed files, as a tar."""
        return _git(self.root, "archive", "--format=tar", self.commit)

    def has_changes(self) -> bool:
        """Tell whether files here differ from the commit; those changes do not travel."""
        return bool(_git(self.root, "status", "--porcelain"))


def _git(root: Path, *arguments: str) -> bytes:
    try:
        # A folder inside somebody else's checkout is none of ours.
        finished = subprocess.run(
            ["git", f"--git-dir={root / '.git'}", f"--work-tree={root}", *arguments],
            check=False,
            capture_output=True,
            cwd=root,
        )
    except FileNotFoundError:
        raise NotACheckout("没有找到 git：离线安装包由提交的代码制成，请先安装 git。") from None
    if finished.returncode != 0:
        raise NotACheckout(
            f"{root} 不是可用的 git 检出（{finished.stderr.decode(errors='replace').strip()[:200]}）："
            "离线安装包由提交的代码制成，请在 git 检出中运行 make bundle。"
        )
    return finished.stdout
