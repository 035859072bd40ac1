"""Authenticated encryption of single values and their keyed blind indexes.

A ciphertext is `length of key id | key id | 12-byte nonce | text and 16-byte tag`; the key's id says which
cipher it is (`core/keys.py`).  The associated data binds it to the kind of value, the key and the blind index
beside it, so a ciphertext moved to another field or person does not open, while INSERT … SELECT from staging
into a ledger keeps working.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as slow_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from datong_edu.core import keys
from datong_edu.core.exceptions import PortalError

NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 16


class Aead(Protocol):
    """A cipher that seals and authenticates."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Text and tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The value in clear; InvalidTag when anything was changed."""


class SM4GCM:
    """SM4 (GB/T 32907) in Galois counter mode; its 128-bit key is drawn from the 256-bit one by SM3."""

    def __init__(self, key: bytes) -> None:
        digest = hashes.Hash(hashes.SM3())
        digest.update(key)
        self._algorithm = algorithms.SM4(digest.finalize()[:16])

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Text and tag."""
        worker = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        worker.authenticate_additional_data(associated_data or b"")
        return worker.update(data) + worker.finalize() + worker.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The value in clear."""
        text, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        if len(tag) < TAG_BYTES:
            raise InvalidTag
        worker = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        worker.authenticate_additional_data(associated_data or b"")
        return worker.update(text) + worker.finalize()


@lru_cache(maxsize=16)
def _cipher(key_id: str) -> Aead:
    try:
        key = keys.provider().field_key(key_id)
    except KeyError:
        raise PortalError(f"缺少加密密钥 {key_id}，请联系系统管理员检查密钥配置。") from None
    return SM4GCM(key) if keys.is_sm4(key_id) else AESGCM(key)


class _SM3:
    """HMAC-SM3 with the two calls that are made of HMAC-SHA-256."""

    def __init__(self, state: slow_hmac.HMAC) -> None:
        self._state = state

    def copy(self) -> "_SM3":
        return _SM3(self._state.copy())

    def update(self, data: bytes) -> None:
        self._state.update(data)

    def digest(self) -> bytes:
        return self._state.finalize()


def _keyed(start: bytes) -> Any:
    """The keyed hash of the blind indexes, having read how a value's kind begins."""
    key = keys.provider().index_key()
    if settings.INDEX_HASH == "sm3":
        state = slow_hmac.HMAC(key, hashes.SM3())
        state.update(start)
        return _SM3(state)
    return hmac.new(key, start, hashlib.sha256)


class Sealer:
    """Seals values of one kind under the current keys, which are looked up once for however many values."""

    def __init__(self, kind: str) -> None:
        current = keys.provider().current_id()
        label = current.encode()
        self._head = bytes([len(label)]) + label
        self._context = _context(kind, label)
        self._encrypt = _cipher(current).encrypt
        # The key's half of the fingerprint is worked out here; every value continues a copy of it.
        self._keyed = _keyed(kind.encode() + b"\x1f")

    def index(self, plain: bytes) -> bytes:
        """Keyed fingerprint of a normalised value, 16 bytes: equal values of one kind have equal ones."""
        keyed = self._keyed.copy()
        keyed.update(plain)
        digest: bytes = keyed.digest()
        return digest[:INDEX_BYTES]

    def encrypt(self, plain: bytes, index: bytes = b"") -> bytes:
        """Ciphertext of a value, bound to its kind and to the blind index beside it."""
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + self._encrypt(nonce, plain, self._context + index)

    def seal_anew(self, kind: str, cipher: bytes | memoryview, index: bytes = b"") -> bytes:
        """The same value under the current key; `kind` is that of this sealer."""
        return self.encrypt(_open(kind, cipher, index), index)


def blind_index(kind: str, plain: str) -> UUID:
    """Blind index of one normalised value."""
    return UUID(bytes=Sealer(kind).index(plain.encode()))


def encrypt(kind: str, plain: str, index: UUID) -> bytes:
    """Ciphertext of one value under the current key, bound to its kind and its blind index."""
    return Sealer(kind).encrypt(plain.encode(), index.bytes)


def decrypt(kind: str, cipher: bytes | memoryview, index: UUID) -> str:
    """The value in clear; a changed or moved ciphertext raises PortalError."""
    return _open(kind, cipher, index.bytes).decode()


def sign(kind: str, said: bytes) -> bytes:
    """Signature of a statement under the key of the indexes, which is not in the database; 32 bytes."""
    return hmac.new(keys.provider().index_key(), kind.encode() + b"\x1f" + said, hashlib.sha256).digest()


def encrypt_blob(kind: str, plain: bytes) -> bytes:
    """Ciphertext of a whole file or of a row kept as sent; bound to its kind only."""
    return Sealer(kind).encrypt(plain)


def decrypt_blob(kind: str, cipher: bytes | memoryview) -> bytes:
    """Inverse of `encrypt_blob`."""
    return _open(kind, cipher, b"")


def key_id_of(cipher: bytes | memoryview) -> str:
    """Id of the key a ciphertext is sealed with."""
    raw = bytes(cipher)
    return raw[1 : 1 + raw[0]].decode()


def _open(kind: str, cipher: bytes | memoryview, index: bytes) -> bytes:
    raw = bytes(cipher)
    end = 1 + raw[0]
    label, nonce, sealed = raw[1:end], raw[end : end + NONCE_BYTES], raw[end + NONCE_BYTES :]
    try:
        return _cipher(label.decode(errors="replace")).decrypt(nonce, sealed, _context(kind, label) + index)
    except InvalidTag:
        raise PortalError("加密数据校验失败：内容被改动或放错了位置，请联系系统管理员。") from None


def _context(kind: str, label: bytes) -> bytes:
    return kind.encode() + b"\x1f" + label + b"\x1f"
