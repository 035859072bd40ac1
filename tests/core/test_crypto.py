"""Sealed values: they open with their key in their own place, compare by fingerprint, and show masked."""

import pytest
from django.test import override_settings

from datong_edu.core import crypto, sensitive
from datong_edu.core.exceptions import PortalError
from datong_edu.core.sensitive import KINDS

NUMBER = "140225201103080017"
OTHER = "140225201103080025"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("plain", [NUMBER, "13800001234", "甲乙丙", "X"])
def test_sealed_value_opens_again(kind: str, plain: str) -> None:
    sealed = sensitive.seal(kind, plain)
    assert sensitive.unseal(kind, sealed.cipher, sealed.index) == plain
    assert sensitive.unseal(kind, memoryview(sealed.cipher), sealed.index) == plain
    assert NUMBER.encode() not in sealed.cipher


def test_same_value_never_has_the_same_ciphertext() -> None:
    first, second = sensitive.seal("id_no", NUMBER), sensitive.seal("id_no", NUMBER)
    assert first.cipher != second.cipher
    assert first.index == second.index


def test_ciphertext_of_another_person_does_not_open() -> None:
    one, two = sensitive.seal("id_no", NUMBER), sensitive.seal("id_no", OTHER)
    with pytest.raises(PortalError, match="放错了位置"):
        sensitive.unseal("id_no", one.cipher, two.index)


def test_ciphertext_of_another_field_does_not_open() -> None:
    sealed = sensitive.seal("account", NUMBER)
    with pytest.raises(PortalError):
        sensitive.unseal("id_no", sealed.cipher, sealed.index)


@pytest.mark.parametrize("at", [-1, 20, 6])
def test_changed_ciphertext_does_not_open(at: int) -> None:
    sealed = sensitive.seal("id_no", NUMBER)
    changed = bytearray(sealed.cipher)
    changed[at] ^= 1
    with pytest.raises(PortalError):
        sensitive.unseal("id_no", bytes(changed), sealed.index)


def test_value_under_an_older_key_still_opens() -> None:
    old = sensitive.seal("id_no", NUMBER)
    keys = {"new": bytes(32)} | dict(crypto.settings.FIELD_KEYS)
    with override_settings(FIELD_KEYS=keys, FIELD_KEY_ID="new"):
        assert sensitive.unseal("id_no", old.cipher, old.index) == NUMBER
        assert sensitive.seal("id_no", NUMBER).cipher[1:4] == b"new"
    crypto._cipher.cache_clear()


def test_value_under_a_lost_key_says_which_key_is_missing() -> None:
    sealed = sensitive.seal("id_no", NUMBER)
    crypto._cipher.cache_clear()
    with override_settings(FIELD_KEYS={}), pytest.raises(PortalError, match="缺少加密密钥"):
        sensitive.unseal("id_no", sealed.cipher, sealed.index)


@pytest.mark.parametrize(
    "spelling", [NUMBER, f" {NUMBER} ", "140225 2011 0308 0017", f"{NUMBER}\n", f"\u3000{NUMBER}"]
)
def test_fingerprint_does_not_see_spaces(spelling: str) -> None:
    assert sensitive.blind_index("id_no", spelling) == sensitive.blind_index("id_no", NUMBER)


def test_fingerprint_does_not_see_small_letters() -> None:
    assert sensitive.blind_index("id_no", "14022519950101001x") == sensitive.blind_index(
        "id_no", "14022519950101001X"
    )


def test_fingerprint_tells_kinds_values_and_keys_apart() -> None:
    index = sensitive.blind_index("id_no", NUMBER)
    assert index != sensitive.blind_index("student_no", NUMBER)
    assert index != sensitive.blind_index("id_no", OTHER)
    with override_settings(INDEX_KEY=b"another" * 5):
        assert index != sensitive.blind_index("id_no", NUMBER)


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        ("id_no", "140227201001010001", "140227********0001"),
        ("id_no", "14022719950101001x", "140227********001X"),
        ("id_no", "140227850303123", "140227*****3123"),
        ("id_no", "12345", "***45"),
        ("id_no", "1", "1"),
        ("student_no", "G140227201001010001", "G140227********0001"),
        ("disability_no", "14022720100101000144", "140227**********0144"),
        ("account", "6217000011112222333", "****2333"),
        ("account", "1234567", "*******"),
        ("phone", "13800001234", "138****1234"),
        ("phone", "03527654321", "035****4321"),
        ("phone", "7654321", "***4321"),
    ],
)
def test_masked_value_shows_no_more_than_allowed(kind: str, plain: str, shown: str) -> None:
    assert sensitive.mask(kind, plain) == sensitive.seal(kind, plain).masked == shown


def test_columns_of_a_missing_value_are_all_empty() -> None:
    for nothing in (None, ""):
        assert sensitive.columns_for("id_no", "id_no", nothing) == {
            "id_no": None,
            "id_no_index": None,
            "id_no_masked": "",
        }


def test_file_opens_again_and_not_when_changed_or_of_another_kind() -> None:
    sealed = crypto.encrypt_blob("stored_file", b"roster" * 1000)
    assert crypto.decrypt_blob("stored_file", sealed) == b"roster" * 1000
    assert b"roster" not in sealed
    with pytest.raises(PortalError):
        crypto.decrypt_blob("staged_row", sealed)
    with pytest.raises(PortalError):
        crypto.decrypt_blob("stored_file", sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_error_text_never_holds_the_value() -> None:
    sealed = sensitive.seal("id_no", NUMBER)
    with pytest.raises(PortalError) as refusal:
        sensitive.unseal("phone", sealed.cipher, sealed.index)
    assert NUMBER not in refusal.value.message


@pytest.mark.parametrize("index_hash", ["sha256", "sm3"])
def test_national_ciphers_seal_and_notice_changes(index_hash: str) -> None:
    ids = {"sm4-2027": b"k" * 32} | dict(crypto.settings.FIELD_KEYS)
    with override_settings(FIELD_KEYS=ids, FIELD_KEY_ID="sm4-2027", INDEX_HASH=index_hash):
        sealed = sensitive.seal("id_no", NUMBER)
        assert crypto.key_id_of(sealed.cipher) == "sm4-2027"
        assert sensitive.unseal("id_no", sealed.cipher, sealed.index) == NUMBER
        assert len(sealed.index.bytes) == 16
        with pytest.raises(PortalError):
            sensitive.unseal("id_no", sealed.cipher[:-1] + bytes([sealed.cipher[-1] ^ 1]), sealed.index)
        with pytest.raises(PortalError):
            crypto.decrypt_blob("id_no", sealed.cipher[:30])
    crypto._cipher.cache_clear()
