"""Where embedded servers keep their sockets: short paths, closed folders."""

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST_SOCKET = 100  # bytes; Linux allows 107 and macOS 103


def short_name(folder: Path) -> str:
    """Return a name for the folder that is the same every time and differs between checkouts."""
    return f"datong-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


def socket_folder(folder: Path, socket_name: str) -> Path:
    """Return the folder itself, or one in the temporary folder when a socket's path would be too long."""
    if len(os.fsencode(folder / socket_name)) <= LONGEST_SOCKET:
        return folder
    return Path(tempfile.gettempdir()) / short_name(folder)


def claim(folder: Path, uid: int, gid: int) -> None:
    """Make the folder for one account alone; refuse one that somebody else made first."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        status = folder.lstat()
        if status.st_uid not in {uid, os.geteuid()} or not folder.is_dir() or folder.is_symlink():
            raise PermissionError(f"{folder} 已被其他账号占用，请删除后重试。") from None
    if os.geteuid() == 0:
        os.chown(folder, uid, gid)
    folder.chmod(0o700)
