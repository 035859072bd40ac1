"""Authenticated encryption of single values and their keyed blind indexes.

A ciphertext is `length of key id | key id | 12-byte nonce | AES-256-GCM text and tag`.  The associated data
binds it to the kind of value, the key and the blind index beside it, so a ciphertext moved to another field
or person does not open, while INSERT … SELECT from staging into a ledger keeps working.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from datong_edu.core.exceptions import PortalError

NONCE_BYTES = 12
INDEX_BYTES = 16


@lru_cache(maxsize=16)
def _cipher(key_id: str) -> AESGCM:
    try:
        return AESGCM(settings.FIELD_KEYS[key_id])
    except KeyError:
        raise PortalError(f"缺少加密密钥 {key_id}，请联系系统管理员检查密钥配置。") from None


class Sealer:
    """Seals values of one kind under the current keys, which are looked up once for however many values."""

    def __init__(self, kind: str) -> None:
        label = settings.FIELD_KEY_ID.encode()
        self._head = bytes([len(label)]) + label
        self._context = _context(kind, label)
        self._encrypt = _cipher(settings.FIELD_KEY_ID).encrypt
        # The key's half of the fingerprint is worked out here; every value continues a copy of it.
        self._keyed = hmac.new(settings.INDEX_KEY, kind.encode() + b"\x1f", hashlib.sha256)

    def index(self, plain: bytes) -> bytes:
        """Keyed fingerprint of a normalised value, 16 bytes: equal values of one kind have equal ones."""
        keyed = self._keyed.copy()
        keyed.update(plain)
        return keyed.digest()[:INDEX_BYTES]

    def encrypt(self, plain: bytes, index: bytes = b"") -> bytes:
        """Ciphertext of a value, bound to its kind and to the blind index beside it."""
        nonce = os.urandom(NONCE_BYTES)
        return self._head + nonce + self._encrypt(nonce, plain, self._context + index)


def blind_index(kind: str, plain: str) -> UUID:
    """Blind index of one normalised value."""
    return UUID(bytes=Sealer(kind).index(plain.encode()))


def encrypt(kind: str, plain: str, index: UUID) -> bytes:
    """Ciphertext of one value under the current key, bound to its kind and its blind index."""
    return Sealer(kind).encrypt(plain.encode(), index.bytes)


def decrypt(kind: str, cipher: bytes | memoryview, index: UUID) -> str:
    """The value in clear; a changed or moved ciphertext raises PortalError."""
    return _open(kind, cipher, index.bytes).decode()


def encrypt_blob(kind: str, plain: bytes) -> bytes:
    """Ciphertext of a whole file or of a row kept as sent; bound to its kind only."""
    return Sealer(kind).encrypt(plain)


def decrypt_blob(kind: str, cipher: bytes | memoryview) -> bytes:
    """Inverse of `encrypt_blob`."""
    return _open(kind, cipher, b"")


def _open(kind: str, cipher: bytes | memoryview, index: bytes) -> bytes:
    raw = bytes(cipher)
    end = 1 + raw[0]
    label, nonce, sealed = raw[1:end], raw[end : end + NONCE_BYTES], raw[end + NONCE_BYTES :]
    try:
        return _cipher(label.decode()).decrypt(nonce, sealed, _context(kind, label) + index)
    except InvalidTag:
        raise PortalError("加密数据校验失败：内容被改动或放错了位置，请联系系统管理员。") from None


def _context(kind: str, label: bytes) -> bytes:
    return kind.encode() + b"\x1f" + label + b"\x1f"
