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


@lru_cache(maxsize=16)
def _cipher(key_id: str) -> AESGCM:
    try:
        return AESGCM(settings.FIELD_KEYS[key_id])
    except KeyError:
        raise PortalError(f"缺少加密密钥 {key_id}，请联系系统管理员检查密钥配置。") from None


def blind_index(kind: str, plain: str) -> UUID:
    """Keyed 16-byte fingerprint of a normalised value: equal values of one kind have equal fingerprints."""
    message = f"{kind}\x1f{plain}".encode()
    return UUID(bytes=hmac.digest(settings.INDEX_KEY, message, hashlib.sha256)[:16])


def encrypt(kind: str, plain: str, index: UUID) -> bytes:
    """Ciphertext of a value under the current key, bound to its kind and its blind index."""
    return _seal(kind, plain.encode(), index)


def decrypt(kind: str, cipher: bytes | memoryview, index: UUID) -> str:
    """The value in clear; a changed or moved ciphertext raises PortalError."""
    return _open(kind, cipher, index).decode()


def encrypt_blob(kind: str, plain: bytes) -> bytes:
    """Ciphertext of a whole file or of a row kept as sent; bound to its kind only."""
    return _seal(kind, plain, None)


def decrypt_blob(kind: str, cipher: bytes | memoryview) -> bytes:
    """Inverse of `encrypt_blob`."""
    return _open(kind, cipher, None)


def _seal(kind: str, plain: bytes, index: UUID | None) -> bytes:
    key_id = settings.FIELD_KEY_ID
    label, nonce = key_id.encode(), os.urandom(NONCE_BYTES)
    sealed = _cipher(key_id).encrypt(nonce, plain, _context(kind, label, index))
    return bytes([len(label)]) + label + nonce + sealed


def _open(kind: str, cipher: bytes | memoryview, index: UUID | None) -> bytes:
    raw = bytes(cipher)
    end = 1 + raw[0]
    label, nonce, sealed = raw[1:end], raw[end : end + NONCE_BYTES], raw[end + NONCE_BYTES :]
    try:
        return _cipher(label.decode()).decrypt(nonce, sealed, _context(kind, label, index))
    except InvalidTag:
        raise PortalError("加密数据校验失败：内容被改动或放错了位置，请联系系统管理员。") from None


def _context(kind: str, label: bytes, index: UUID | None) -> bytes:
    return kind.encode() + b"\x1f" + label + b"\x1f" + (index.bytes if index else b"")
