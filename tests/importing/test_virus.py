"""Uploads pass ClamAV's daemon first; a small daemon of the same protocol answers on a unix socket."""

import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from datong_edu.core.exceptions import RefusedFile
from datong_edu.importing.child import read_in_child
from datong_edu.importing.layout import Vocabulary
from tests.workbooks import builders

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 8 * 2**20
Daemon = Callable[[bytes], bytes]
VOCABULARY = Vocabulary.of_fields(dict.fromkeys(("seq", "school", "name", "id_no", "amount"), ()))


def signatures(stream: bytes) -> bytes:
    """What clamd says of a stream."""
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in stream else b"stream: OK\0"


def whole_stream(peer: socket.socket) -> bytes | None:
    """The stream of an INSTREAM command; None when it is longer than the daemon takes."""
    with peer.makefile("rb") as said:
        assert said.read(len(b"zINSTREAM\0")) == b"zINSTREAM\0"
        stream = b""
        while True:
            (length,) = struct.unpack("!I", said.read(4))
            if not length:
                return stream
            stream += said.read(length)
            if len(stream) > MOST:
                return None


@pytest.fixture
def clamd(settings: Settings) -> Iterator[Callable[[Daemon], None]]:
    """Start a daemon that answers each stream with what it is told to."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        path = str(Path(folder) / "clamd.sock")
        server.bind(path)
        server.listen()
        threads = []

        def serve(daemon: Daemon) -> None:
            peer, _ = server.accept()
            with peer:
                stream = whole_stream(peer)
                peer.sendall(b"INSTREAM size limit exceeded. ERROR\0" if stream is None else daemon(stream))

        def start(daemon: Daemon) -> None:
            settings.CLAMAV_SOCKET = path
            threads.append(threading.Thread(target=serve, args=(daemon,), daemon=True))
            threads[-1].start()

        yield start
        for thread in threads:
            thread.join(5)


def refusal_of(data: bytes) -> RefusedFile:
    with pytest.raises(RefusedFile) as refusal, read_in_child("名单", data, vocabulary=VOCABULARY):
        pass
    return refusal.value


def test_clean_file_is_read(clamd: Callable[[Daemon], None]) -> None:
    clamd(signatures)
    with read_in_child("名单", builders.roster(), vocabulary=VOCABULARY) as reading:
        assert sum(len(rows) for _, rows in reading.slices()) == 2


def test_infected_file_is_refused_with_its_name(clamd: Callable[[Daemon], None]) -> None:
    clamd(signatures)
    refusal = refusal_of(builders.roster() + EICAR)
    assert refusal.reason_key == "VIRUS_FOUND"
    assert "Eicar-Test-Signature" in refusal.message


@pytest.mark.parametrize(
    "answer", [b"", b"stream: Can't allocate memory ERROR\0", b"OK\0", b"stream: OK FOUN"]
)
def test_any_other_answer_refuses(clamd: Callable[[Daemon], None], answer: bytes) -> None:
    clamd(lambda stream: answer)
    assert refusal_of(builders.roster()).reason_key == "VIRUS_SCAN_FAILED"


def test_stream_the_daemon_finds_too_long_refuses(clamd: Callable[[Daemon], None]) -> None:
    clamd(signatures)
    assert refusal_of(b"x" * (MOST + 3 * 2**20)).reason_key == "VIRUS_SCAN_FAILED"


def test_without_its_daemon_nothing_is_read(settings: Settings, tmp_path: Path) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "none.sock")
    refusal = refusal_of(builders.roster())
    assert refusal.reason_key == "VIRUS_SCAN_FAILED"
    assert refusal.message.startswith("病毒检查服务没有应答")
