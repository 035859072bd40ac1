"""Files nobody can import: a reason, a sentence that says what to do, and not one row written."""

from pathlib import Path

import pytest

from datong_edu.importing.models import ImportBatch
from tests.importing.command import import_roster, row_counts
from tests.workbooks import builders

pytestmark = pytest.mark.usefixtures("books")

HEADINGS = "学籍号,姓名,身份证件号,学校名称,年级"
ENCRYPTED = builders.compound({"EncryptionInfo": b"\x04\x00", "EncryptedPackage": b"\x00" * 600})
OLD_ENCRYPTED = builders.compound(
    {"Workbook": builders.record(0x809, b"\x00\x06\x05\x00" + bytes(12)) + builders.record(0x2F, bytes(54))}
)
RUBBISH = "\n".join(f"{n},随便,写写,{n * 7919 % 10007},xyz" for n in range(200_000)).encode()

FAULTS = {
    "empty": ("名册.xlsx", b"", "EMPTY_FILE"),
    "pdf": ("名册.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "NOT_A_WORKBOOK"),
    "pdf called xlsx": ("名册.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "NOT_A_WORKBOOK"),
    "picture": ("名册.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "NOT_A_WORKBOOK"),
    "no header": ("名册.csv", "甲,乙\n1,2\n3,4\n".encode(), "NO_HEADER"),
    "another roster": ("名册.csv", "年月,上课天数\n2020-10,17\n".encode(), "NO_HEADER"),
    "headings only": ("名册.csv", HEADINGS.encode(), "NO_DATA"),
    "password": ("名册.xlsx", ENCRYPTED, "ENCRYPTED"),
    "password of an old workbook": ("名册.xls", OLD_ENCRYPTED, "ENCRYPTED"),
    "cut off": ("名册.xlsx", builders.roster()[:-200], "DAMAGED"),
    "200,000 rows of rubbish": ("名册.csv", RUBBISH, "NO_HEADER"),
    "a bomb": ("名册.xlsx", builders.bomb(), "TOO_LARGE_UNPACKED"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_file_is_refused_with_a_sentence(tmp_path: Path, fault: str) -> None:
    name, data, reason = FAULTS[fault]
    path = tmp_path / name
    path.write_bytes(data)
    before = row_counts()
    answer = import_roster(path, "student_registry")
    assert answer.code == 2, answer
    assert {key: answer.said[key] for key in ("outcome", "reason")} == {"outcome": "refuse", "reason": reason}
    message = answer.said["message"]
    assert message.endswith("。")
    assert "请" in message
    assert message.isascii() is False
    assert row_counts() == before


def test_refusal_without_json_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"")
    answer = import_roster(path, "student_registry", as_json=False)
    assert answer.code == 2
    assert answer.text.startswith("文件被拒收：")


def test_rubbish_below_good_headings_is_refused_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    lines = [f"x{n},,?,哪里都没有的小学,零年级" for n in range(12_000)]
    path.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
    before = row_counts()
    answer = import_roster(path, "student_registry", as_json=False)
    assert answer.code == 2
    assert "错误 12000 行" in answer.text
    assert row_counts() == before


def test_numbers_that_lost_their_last_digits_are_named(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    lines = ["G140225201103080017,侯明远,1.40225E+17,浑源县第一小学校,四年级"]
    lines += ["G140225201103080025,姚静怡,140225201103080000,浑源县第一小学校,四年级"]
    path.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
    answer = import_roster(path, "student_registry")
    assert answer.code == 2
    assert answer.reasons() == {2: ["ID_PRECISION_LOST"], 3: ["ID_PRECISION_LOST"]}
    assert not ImportBatch.objects.whole_city().filter(kind="student_registry").exists()


@pytest.mark.parametrize(
    "name", ["../../etc/名册.csv", "名册\x01.csv", "<b>名册</b>.csv", "名" * 80 + ".csv"]
)
def test_file_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    path = tmp_path / Path(name).name
    path.write_text(f"{HEADINGS}\nG140225201103080017,侯明远,,浑源县第一小学校,四年级", encoding="utf-8")
    answer = import_roster(path, "student_registry")
    assert answer.code in (0, 2)
