"""Identity numbers, disability certificates and student registry numbers."""

from datetime import date

import pytest

from datong_edu.core import idnumber
from datong_edu.core.idnumber import IdForm, IdState

STANDARD_SAMPLE = "11010519491231002X"


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        ("11010519491231002x", STANDARD_SAMPLE),
        ("１１０１０５１９４９１２３１００２Ｘ", STANDARD_SAMPLE),
        ("11010519491231002×", STANDARD_SAMPLE),
        ("11010519491231002*", STANDARD_SAMPLE),
        ("110105 19491231 002X", STANDARD_SAMPLE),
        ("\xa011010519491231002X\u200b\t", STANDARD_SAMPLE),
        ("'11010519491231002X", STANDARD_SAMPLE),
        ('="11010519491231002X"', STANDARD_SAMPLE),
    ],
)
def test_normalise_takes_off_every_disguise(sent: str, number: str) -> None:
    assert idnumber.normalise(sent) == number


@pytest.mark.parametrize(
    "number",
    [
        STANDARD_SAMPLE,
        "140227201001010001",
        "140215200903140008",
        "140202201211080000",
        "142132198506120006",
        "14022419850612000X",
    ],
)
def test_read_accepts_old_areas_and_serial_000(number: str) -> None:
    read = idnumber.read(number)
    assert read.is_valid
    assert read.sex == "女"
    assert read.province_known


@pytest.mark.parametrize(
    ("sent", "state", "form"),
    [
        ("", IdState.MISSING, IdForm.OTHER),
        (None, IdState.MISSING, IdForm.OTHER),
        ("110105194912310020", IdState.CHECKSUM, IdForm.PLAIN),
        ("140225201113323237", IdState.BIRTHDATE, IdForm.PLAIN),
        ("14022520010239613", IdState.LENGTH, IdForm.OTHER),
        ("140215200608045000", IdState.ENDS_000, IdForm.PLAIN),
        ("140225********1234", IdState.LENGTH, IdForm.MASKED),
        ("J140225201307204397", IdState.LENGTH, IdForm.OTHER),
        ("140221991332101", IdState.BIRTHDATE, IdForm.OLD_15),
    ],
)
def test_read_names_the_fault(sent: str | None, state: IdState, form: IdForm) -> None:
    read = idnumber.read(sent)
    assert (read.state, read.form) == (state, form)


@pytest.mark.parametrize(
    ("sent", "number", "form"),
    [
        ("140221740514671", "140221197405146717", IdForm.OLD_15),
        ("G140225201405128513", "140225201405128513", IdForm.STUDENT_NO),
        ("14022119840309889143", "140221198403098891", IdForm.DISABILITY),
        ("14022119850627069043B1", "140221198506270690", IdForm.DISABILITY),
        ("14022419700602851X43", "14022419700602851X", IdForm.DISABILITY),
    ],
)
def test_read_finds_the_number_inside(sent: str, number: str, form: IdForm) -> None:
    read = idnumber.read(sent)
    assert (read.number, read.form, read.state) == (number, form, IdState.VALID)


def test_read_gives_birth_date_and_sex() -> None:
    read = idnumber.read("140225201405128513")
    assert (read.birth_on, read.sex) == (date(2014, 5, 12), "男")


def test_read_disability_no_tells_type_and_grade() -> None:
    read = idnumber.read_disability_no("14022119850627069043b1")
    assert read is not None
    assert (read.type_code, read.grade, read.reissue, read.holder.is_valid) == ("4", 3, "B1", True)


@pytest.mark.parametrize("sent", ["140221198506270690", "14022119850627069083", "14022119850627069045"])
def test_read_disability_no_refuses_other_shapes(sent: str) -> None:
    assert idnumber.read_disability_no(sent) is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("G14022520080614814X", True),
        ("J140225201307204397", True),
        ("G1402252012", False),
        ("140225201307204397", False),
    ],
)
def test_is_student_no(number: str, expected: bool) -> None:
    assert idnumber.is_student_no(number) is expected
