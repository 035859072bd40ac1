"""From a file to the ledgers: applied once, known again, traced, sealed, and within the clerk's county."""

import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from pghistory.models import Event

from datong_edu.accounts.roles import Role
from datong_edu.core.sensitive import KINDS, EncryptedField, mask, unseal
from datong_edu.importing.models import ImportBatch, ImportedFact
from datong_edu.registry.models import Enrolment, Person
from tests import factories as make
from tests.importing import rosters
from tests.importing.command import TERM, dump, import_roster, row_counts
from tests.importing.test_samples import WRITTEN, imported, sample

SEALED = ("id_no", "student_no", "guardian_id", "account", "phone", "disability_no")
EVENTS = [
    model
    for model in apps.get_models()
    if issubclass(model, Event) and model.pgh_tracked_model is not ImportBatch
]
FACTS = [model for model in apps.get_models() if issubclass(model, ImportedFact)]
pytestmark = pytest.mark.usefixtures("books")


def saved_again(path: Path, folder: Path) -> Path:
    """The same content in other bytes, as after pressing 保存 in another program."""
    data = path.read_bytes()
    if path.suffix == ".xlsx":
        stream = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new:
            for part in old.namelist():
                new.writestr(part, old.read(part))
        data = stream.getvalue()
    else:
        data += b"\r\n" if path.suffix == ".csv" else bytes(512)
    other = folder / path.name
    other.write_bytes(data)
    return other


def history() -> Counter[str]:
    """How many events the history of each ledger holds; that of batches themselves apart."""
    return Counter({model.pgh_tracked_model.__name__: model.objects.count() for model in EVENTS})


def without_context() -> int:
    """Events of which nobody knows who did it."""
    return sum(model.objects.filter(pgh_context=None).count() for model in EVENTS)


def opens(fact: Model) -> bool:
    """Whether every sealed value stands whole in its three columns, or is missing from all of them."""
    for field in fact._meta.local_fields:
        if not isinstance(field, EncryptedField):
            continue
        cipher, index, masked = (getattr(fact, f"{field.name}{part}") for part in ("", "_index", "_masked"))
        if cipher is None:
            if (index, masked) != (None, ""):
                return False
            continue
        kind = getattr(fact, "kind", "") if field.kind not in KINDS else field.kind
        if mask(kind, unseal(kind, cipher, index)) != masked:
            return False
    return True


@pytest.mark.parametrize("name", WRITTEN)
def test_sample_sent_twice_is_written_once(tmp_path: Path, name: str) -> None:
    first, expected = imported(name, apply=True)
    assert first.code == 0
    batch = ImportBatch.objects.whole_city().latest("id")
    before = row_counts()
    known, _ = imported(name, apply=True)
    assert (known.code, known.said["known_batch"]) == (0, str(batch.uid))
    assert row_counts() == before
    ledgers = history()
    path = saved_again(sample(name)[0], tmp_path)
    unit, term = expected["county_code"], expected["term"]
    again = import_roster(path, expected["roster"], unit=unit, term=term)
    assert {key: again.count(key) for key in ("new", "changed")} == {"new": 0, "changed": 0}
    assert again.count("unchanged") == expected["counts"]["accepted"]
    assert again.said["known_batch"] == str(batch.uid)
    applied = import_roster(path, expected["roster"], unit=unit, term=term, apply=True)
    assert (applied.code, applied.said["known_batch"]) == (0, str(batch.uid))
    assert history() == ledgers
    assert row_counts() == before


@pytest.mark.parametrize("name", WRITTEN)
def test_sample_is_written_with_its_origin_and_sealed(name: str) -> None:
    rows = {model: {fact.pk for fact in model._base_manager.all()} for model in FACTS}
    unknown = without_context()
    answer, expected = imported(name, apply=True)
    batch = ImportBatch.objects.whole_city().latest("id")
    assert batch.state == "applied"
    sheets = {sheet["name"]: sheet for sheet in expected["sheets"]}
    facts = [fact for model in FACTS for fact in model._base_manager.exclude(pk__in=rows[model])]
    assert facts
    for fact in facts:
        assert fact.source_batch_id == batch.pk
        origin = sheets[fact.source_sheet]
        assert origin["first_data_row"] <= fact.source_row <= origin["last_data_row"]
    assert without_context() == unknown
    numbers = {row["values"].get(key) for row in answer.said["normalised"] for key in SEALED} - {None}
    text = dump()
    assert [number for number in numbers if number in text] == []
    assert [fact for fact in facts if not opens(fact)] == []


def test_row_of_the_file_can_be_found_again(tmp_path: Path) -> None:
    lines = [rosters.pupil(姓名="侯明远"), rosters.pupil(姓名="姚静怡", 性别="")]
    import_roster(rosters.save(tmp_path, lines, title="四年级"), "student_registry")
    origin = Enrolment.objects.whole_city().order_by("id").values_list("name", "source_sheet", "source_row")
    assert list(origin) == [("侯明远", "四年级", 2), ("姚静怡", "四年级", 3)]


def test_one_changed_cell_changes_one_row_and_leaves_one_event(tmp_path: Path) -> None:
    lines = [rosters.pupil() for _ in range(3)]
    import_roster(rosters.save(tmp_path, lines), "student_registry")
    before = history()
    lines[1]["班级"] = "2班"
    answer = import_roster(rosters.save(tmp_path, lines), "student_registry")
    assert [answer.count(key) for key in ("new", "changed", "unchanged")] == [0, 1, 2]
    assert history() - before == Counter(Enrolment=1)
    changed = Enrolment.objects.whole_city().get(class_no=2)
    assert changed.source_batch == ImportBatch.objects.whole_city().latest("id")


def test_blank_cell_keeps_what_is_known(tmp_path: Path) -> None:
    line = rosters.pupil()
    import_roster(rosters.save(tmp_path, [line]), "student_registry")
    answer = import_roster(rosters.save(tmp_path, [line | {"联系电话": "", "班级": ""}]), "student_registry")
    assert answer.count("unchanged") == 1
    assert Enrolment.objects.whole_city().get().class_no == 1


def test_check_alone_writes_nothing(tmp_path: Path) -> None:
    path = rosters.save(tmp_path, [rosters.pupil()])
    before = row_counts()
    assert import_roster(path, "student_registry", apply=False).count("new") == 1
    assert row_counts() == before
    import_roster(path, "student_registry")
    before = row_counts()
    again = import_roster(path, "student_registry", apply=False)
    assert again.count("unchanged") == 1
    assert row_counts() == before


def test_good_rows_go_in_while_bad_ones_are_named(tmp_path: Path) -> None:
    lines = [rosters.pupil(), rosters.pupil(学校名称="浑源县没有的小学"), rosters.pupil(年级="若干年级")]
    answer = import_roster(rosters.save(tmp_path, lines), "student_registry")
    assert answer.code == 0
    assert answer.reasons() == {3: ["SCHOOL_UNKNOWN"], 4: ["GRADE_UNKNOWN"]}
    assert Enrolment.objects.whole_city().count() == 1


def test_file_without_an_acceptable_row_writes_nothing(tmp_path: Path) -> None:
    path = rosters.save(tmp_path, [rosters.pupil(学校名称="浑源县没有的小学")])
    before = row_counts()
    answer = import_roster(path, "student_registry")
    assert (answer.code, answer.count("accepted")) == (2, 0)
    assert row_counts() == before


@pytest.mark.parametrize("unit", ["140225", "140200"])
def test_clerk_writes_only_into_her_own_county(tmp_path: Path, unit: str) -> None:
    make.user(Role.COUNTY_CLERK, make.county("140225"), username="hunyuan")
    lines = [rosters.pupil(), rosters.pupil(学校名称=rosters.YANGGAO_PRIMARY)]
    answer = import_roster(rosters.save(tmp_path, lines), "student_registry", unit=unit, by="hunyuan")
    if unit == "140200":
        assert answer.code == 1
        assert "没有为该单位导入名册的权限" in answer.errors
    else:
        assert answer.reasons() in ({3: ["COUNTY_OUT_OF_SCOPE"]}, {3: ["SCHOOL_UNKNOWN"]})
        assert [e.school.name for e in Enrolment.objects.whole_city()] == [rosters.TOWN_PRIMARY]


def test_clerk_cannot_import_for_another_county(tmp_path: Path) -> None:
    make.user(Role.COUNTY_CLERK, make.county("140225"), username="hunyuan")
    path = rosters.save(tmp_path, [rosters.pupil(学校名称=rosters.YANGGAO_PRIMARY)])
    answer = import_roster(path, "student_registry", unit="140221", by="hunyuan")
    assert answer.code == 1
    assert not Person.objects.whole_city().exists()


def test_row_of_another_county_in_a_list_without_schools_is_out_of_scope(tmp_path: Path) -> None:
    make.user(Role.COUNTY_CLERK, make.county("140225"), username="hunyuan")
    number = make.id_number()
    path = rosters.save(tmp_path, [rosters.listed(number, "低保", 县区="阳高县")])
    answer = import_roster(path, "civil_list", by="hunyuan")
    assert answer.reasons() == {2: ["COUNTY_OUT_OF_SCOPE"]}


def test_reviewer_cannot_import(tmp_path: Path) -> None:
    make.user(Role.COUNTY_REVIEWER, make.county("140225"), username="reviewer")
    answer = import_roster(rosters.save(tmp_path, [rosters.pupil()]), "student_registry", by="reviewer")
    assert answer.code == 1


def test_city_file_finds_the_county_of_each_row(tmp_path: Path) -> None:
    lines = [rosters.pupil(), rosters.pupil(学校名称=rosters.YANGGAO_PRIMARY)]
    import_roster(rosters.save(tmp_path, lines), "student_registry", unit="140200")
    codes = Enrolment.objects.whole_city().order_by("id").values_list("county__code", flat=True)
    assert list(codes) == ["140225", "140221"]


def test_mapping_file_names_columns_nobody_knows(tmp_path: Path) -> None:
    line = rosters.pupil()
    line["编号甲"] = line.pop("身份证件号")
    path, mapping = rosters.save(tmp_path, [line]), tmp_path / "mapping.json"
    assert (
        import_roster(path, "student_registry", apply=False).said["normalised"][0]["values"]["id_no"] is None
    )
    columns = {"A": "student_no", "B": "name", "F": "school", "G": "grade", "M": "id_no"}
    mapping.write_text(json.dumps({"*": columns}), encoding="utf-8")
    answer = import_roster(path, "student_registry", mapping=mapping)
    assert answer.code == 0, answer
    assert answer.said["normalised"][0]["values"]["id_no"] == line["编号甲"]
    assert Enrolment.objects.whole_city().get().id_no_index is not None


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"A": "student_no", "B": "name", "C": "name"}, "两列对应同一字段"),
        ({"A": "student_no", "B": "secret"}, "不属于"),
        ({"A": "student_no", "B": "name", "N": "id_no"}, "不是该字段"),
    ],
)
def test_mapping_file_that_contradicts_itself_is_refused(
    tmp_path: Path, columns: dict[str, str], complaint: str
) -> None:
    path, mapping = rosters.save(tmp_path, [rosters.pupil(监护人身份证号="")]), tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"名单": columns}), encoding="utf-8")
    before = row_counts()
    answer = import_roster(path, "student_registry", mapping=mapping)
    assert answer.code == 1
    assert complaint in answer.errors
    assert row_counts() == before


@pytest.mark.parametrize("text", ["不是 JSON", "[1, 2]", '{"名单": "A"}'])
def test_mapping_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(text, encoding="utf-8")
    answer = import_roster(rosters.save(tmp_path, [rosters.pupil()]), "student_registry", mapping=mapping)
    assert answer.code == 1
    assert "对应关系文件" in answer.errors


@pytest.mark.parametrize("heading", ["家长身份证号", "户主身份证号", "残疾证号", "学号"])
def test_lookalike_heading_is_never_taken_for_the_identity(tmp_path: Path, heading: str) -> None:
    line = rosters.pupil()
    line[heading] = line.pop("身份证件号")
    answer = import_roster(rosters.save(tmp_path, [line]), "student_registry")
    assert answer.said["normalised"][0]["values"]["id_no"] is None
    assert Person.objects.whole_city().get().id_no_index is None


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"kind": "no_such"}, "没有名册种类"),
        ({"unit": "999999"}, "没有代码为"),
        ({"term": "2020"}, "学期代码"),
        ({"term": None}, "请先选择学期"),
        ({"by": "nobody"}, "没有用户"),
    ],
)
def test_wrong_words_on_the_command_line_are_explained(
    tmp_path: Path, words: dict[str, str], complaint: str
) -> None:
    path = rosters.save(tmp_path, [rosters.pupil()])
    asked = {"kind": "student_registry", "unit": "140225", "term": TERM} | words
    answer = import_roster(path, asked.pop("kind"), **asked)
    assert answer.code == 1
    assert complaint in answer.errors


def test_missing_file_is_explained(tmp_path: Path) -> None:
    answer = import_roster(tmp_path / "没有.xlsx", "student_registry")
    assert answer.code == 1
    assert "读不了文件" in answer.errors


def test_answer_without_json_is_one_sentence(tmp_path: Path) -> None:
    path = rosters.save(tmp_path, [rosters.pupil()])
    assert "未写入任何数据" in import_roster(path, "student_registry", apply=False, as_json=False).text
    assert "新增 1 行" in import_roster(path, "student_registry", as_json=False).text
    assert "没有重复写入" in import_roster(path, "student_registry", as_json=False).text
