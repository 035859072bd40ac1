"""The virus scan of uploads through the socket of ClamAV's daemon, where the city has one.

`PORTAL_CLAMAV_SOCKET` names the unix socket.  Without it nothing is scanned; with it nothing is read that the
daemon has not called clean: no answer is an answer against the file.  Protocol: INSTREAM of clamd(8).
"""

import re
import socket
import struct

from django.conf import settings

from datong_edu.core.exceptions import RefusedFile

CHUNK_BYTES = 2**20
SECONDS = 60
LONGEST_ANSWER = 4096
FOUND = re.compile(rb"stream: (.{1,200}) FOUND\Z", re.DOTALL)
INFECTED = "文件里发现病毒（{name}），已拒收。请先用杀毒软件清理电脑，再重新制作名单。"
NO_ANSWER = "病毒检查服务没有应答，文件暂时不能接收。请稍后再上传；一直如此请联系系统管理员。"
NOT_CHECKED = "病毒检查没有完成，文件不能接收。请拆分后再上传，或联系系统管理员。"


def scan(data: bytes) -> None:
    """Refuse an infected file, and every file while the daemon does not answer.

    Raises `RefusedFile` with VIRUS_FOUND or VIRUS_SCAN_FAILED.
    """
    path = settings.CLAMAV_SOCKET
    if not path:
        return
    try:
        answer = _ask(path, data)
    except OSError as error:
        raise RefusedFile("VIRUS_SCAN_FAILED", NO_ANSWER) from error
    if answer == b"stream: OK":
        return
    if match := FOUND.match(answer):
        name = "".join(c for c in match[1].decode("utf-8", "replace") if c.isprintable())
        raise RefusedFile("VIRUS_FOUND", INFECTED.format(name=name))
    raise RefusedFile("VIRUS_SCAN_FAILED", NOT_CHECKED if answer else NO_ANSWER)


def _ask(path: str, data: bytes) -> bytes:
    """The daemon's one line about these bytes; empty when it hung up."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as daemon:
        daemon.settimeout(SECONDS)
        daemon.connect(path)
        daemon.sendall(b"zINSTREAM\0")
        try:
            for at in range(0, len(data), CHUNK_BYTES):
                piece = data[at : at + CHUNK_BYTES]
                daemon.sendall(struct.pack("!I", len(piece)) + piece)
            daemon.sendall(struct.pack("!I", 0))
        except BrokenPipeError:
            # Too large for the daemon's StreamMaxLength: its answer says so and may still be read.
            pass
        answer = b""
        while len(answer) < LONGEST_ANSWER and b"\0" not in answer and (piece := daemon.recv(1024)):
            answer += piece
        return answer.partition(b"\0")[0].strip()
