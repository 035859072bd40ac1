"""Kinds of sensitive value: how each is normalised before hashing and masked for the screen.

Every identity-like value, account and phone stands in three columns: `x` (ciphertext), `x_index` (blind
index for joins, uniqueness and exact search) and `x_masked` (what people see).  Masking follows 个人信息
保护法 practice: an ID shows its first six and last four characters, a phone 138****1234, an account its last
four digits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from datong_edu.core import crypto


@dataclass(frozen=True, slots=True)
class Sealed:
    """The three columns of one sensitive value."""

    cipher: bytes
    index: UUID
    masked: str


@dataclass(frozen=True)
class Kind:
    """One kind of sensitive value."""

    name: str
    label: str
    mask: Callable[[str], str]


def _mask_number(value: str) -> str:
    if len(value) >= 14:
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"
    return "*" * max(len(value) - 2, 0) + value[-2:]


def _mask_student_no(value: str) -> str:
    if len(value) == 19:
        return value[0] + _mask_number(value[1:])
    return _mask_number(value)


def _mask_phone(value: str) -> str:
    if len(value) == 11:
        return f"{value[:3]}****{value[-4:]}"
    return "*" * max(len(value) - 4, 0) + value[-4:]


def _mask_account(value: str) -> str:
    return f"****{value[-4:]}" if len(value) >= 8 else "*" * len(value)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("id_no", "身份证号", _mask_number),
        Kind("student_no", "学籍号", _mask_student_no),
        Kind("disability_no", "残疾人证号", _mask_number),
        Kind("account", "银行账号", _mask_account),
        Kind("phone", "联系电话", _mask_phone),
    )
}


def normalise(plain: str) -> str:
    """The one spelling that is hashed and stored: no spaces, capital letters."""
    return "".join(plain.split()).upper()


def blind_index(kind: str, plain: str) -> UUID:
    """Blind index of a value as a clerk or a file writes it."""
    return crypto.blind_index(KINDS[kind].name, normalise(plain))


class Sealing:
    """Makes the three columns of many values of one kind, as a roster or a ledger needs them."""

    def __init__(self, kind: str) -> None:
        self._sealer, self._mask = crypto.Sealer(kind), KINDS[kind].mask

    def columns(self, plain: str) -> tuple[bytes, bytes, str]:
        """Ciphertext, blind index as 16 bytes, and masked text of a value in clear."""
        value = normalise(plain)
        written = value.encode()
        index = self._sealer.index(written)
        return self._sealer.encrypt(written, index), index, self._mask(value)


def seal(kind: str, plain: str) -> Sealed:
    """The three columns for one value in clear."""
    cipher, index, masked = Sealing(kind).columns(plain)
    return Sealed(cipher, UUID(bytes=index), masked)


def unseal(kind: str, cipher: bytes | memoryview, index: UUID) -> str:
    """The value in clear; callers must hold the permission and write the audit event."""
    return crypto.decrypt(kind, cipher, index)


def mask(kind: str, plain: str) -> str:
    """What the screen shows of a value in clear."""
    return KINDS[kind].mask(normalise(plain))


class EncryptedField(models.BinaryField):
    """Ciphertext column; `kind` names the sort of value and is part of the associated data.

    Where a table holds values of several kinds, `kind_in` names the column that says which.
    """

    def __init__(self, kind: str = "", *, kind_in: str = "", **options: Any) -> None:
        self.kind, self.kind_in = kind, kind_in
        options.setdefault("null", True)
        options.setdefault("editable", False)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        if self.kind_in:
            return name, path, list(args), options | {"kind_in": self.kind_in}
        return name, path, [self.kind, *args], options


class BlindIndexField(models.UUIDField):
    """Keyed fingerprint column beside an encrypted one."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("editable", False)
        super().__init__(**options)


class MaskedField(models.CharField):
    """Masked text beside an encrypted column; empty when there is no value."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(**options)


def columns_for(field: str, kind: str, plain: str | None) -> dict[str, Any]:
    """Keyword arguments that set one sensitive value on a model, e.g. `Person(**columns_for("id_no", …))`."""
    if not plain:
        return {field: None, f"{field}_index": None, f"{field}_masked": ""}
    sealed = seal(kind, plain)
    return {
        field: sealed.cipher,
        f"{field}_index": sealed.index,
        f"{field}_masked": sealed.masked,
    }
