"""Reading by the API: scope, masks, codes, filters, pages, and what it leaves in the audit trail."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datong_edu.core.models import AuditEvent
from datong_edu.registry.models import Enrolment, Person
from datong_edu.web.api.identifiers import ENROLMENT, SCHOOL
from tests import factories as make
from tests.api.conftest import Caller

RESOURCES = ("schools", "persons", "enrolments", "findings")


def elsewhere(**given: object) -> Enrolment:
    """A pupil of 灵丘县."""
    return make.enrolment(school=make.school(county=make.county("140224")), **given)


def test_own_county_is_listed_and_no_other(hunyuan: Caller) -> None:
    mine, theirs = make.enrolment(), elsewhere()
    for resource, own, foreign in (
        ("schools", SCHOOL.of(mine.school_id), SCHOOL.of(theirs.school_id)),
        ("persons", mine.person.uid, theirs.person.uid),
        ("enrolments", ENROLMENT.of(mine.pk), ENROLMENT.of(theirs.pk)),
    ):
        listed = {row["id"] for row in hunyuan.get(resource).json()["results"]}
        assert str(own) in listed, resource
        assert str(foreign) not in listed, resource


@pytest.mark.parametrize("resource", RESOURCES)
def test_foreign_and_missing_answer_alike(hunyuan: Caller, resource: str) -> None:
    theirs = elsewhere()
    foreign = {
        "schools": SCHOOL.of(theirs.school_id),
        "persons": theirs.person.uid,
        "enrolments": ENROLMENT.of(theirs.pk),
        "findings": make.finding(person=theirs.person, county=theirs.county).uid,
    }[resource]
    answers = [hunyuan.get(f"{resource}/{one}") for one in (foreign, uuid4(), UUID(int=foreign.int + 999))]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "not_found"
    assert answers[0]["Content-Type"] == "application/problem+json"


def test_numbers_are_masked(hunyuan: Caller) -> None:
    number = make.id_number()
    pupil = make.enrolment(number=number, of=make.person(number=number))
    make.identifier(pupil.person, number)
    for path in (
        "persons",
        "enrolments",
        f"persons/{pupil.person.uid}",
        f"enrolments/{ENROLMENT.of(pupil.pk)}",
    ):
        text = hunyuan.get(path).content.decode()
        assert number not in text
        assert f"{number[:6]}********{number[-4:]}" in text


def test_values_stand_under_their_national_codes(hunyuan: Caller) -> None:
    pupil = make.enrolment(nation="蒙古族", status_event="转入", boarding="boarder", of=make.person(sex="女"))
    row = hunyuan.get(f"enrolments/{ENROLMENT.of(pupil.pk)}").json()
    told = {
        name: row[name] for name in ("county_code", "sex", "nation", "status", "status_event", "boarding")
    }
    assert told == {
        "county_code": "140225",
        "sex": "2",
        "nation": "02",
        "status": "01",
        "status_event": "22",
        "boarding": "2",
    }


def test_a_person_brings_the_categories_of_today(hunyuan: Caller) -> None:
    pupil = make.poor_child()
    make.spell(pupil.person, "orphan", until_on=date(2019, 1, 1))
    assert hunyuan.get(f"persons/{pupil.person.uid}").json()["categories"] == ["jdlk"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_unknown_parameters_are_refused(hunyuan: Caller, resource: str) -> None:
    answer = hunyuan.get(resource, shcool="x")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "unknown_parameter"


@pytest.mark.parametrize(
    ("resource", "name", "value"),
    [
        ("schools", "county_code", "999999"),
        ("persons", "birth_on", "昨天"),
        ("enrolments", "status", "77"),
        ("enrolments", "school_id", "not-a-uuid"),
        ("findings", "severity", "X"),
        ("findings", "fields", "id,id_no"),
        ("persons", "fields", ""),
    ],
)
def test_unreadable_values_are_refused_in_chinese(
    hunyuan: Caller, resource: str, name: str, value: str
) -> None:
    answer = hunyuan.get(resource, **{name: value})
    assert answer.status_code == 400, answer.content
    (fault,) = answer.json()["errors"]
    assert fault["field"] == name
    assert any("\u4e00" <= character <= "\u9fff" for character in fault["detail"])


def test_filters_narrow(hunyuan: Caller) -> None:
    one, two = make.enrolment(grade=3), make.enrolment(grade=8)
    listed = hunyuan.get("enrolments", grade=8).json()["results"]
    assert [row["id"] for row in listed] == [str(ENROLMENT.of(two.pk))]
    at_school = hunyuan.get("persons", school_id=str(SCHOOL.of(one.school_id))).json()["results"]
    assert [row["id"] for row in at_school] == [str(one.person.uid)]


def test_only_the_fields_asked_for(hunyuan: Caller) -> None:
    make.enrolment()
    (row,) = hunyuan.get("persons", fields="id,name").json()["results"]
    assert set(row) == {"id", "name"}


def test_pages_follow_each_other_by_cursor(hunyuan: Caller) -> None:
    made = [str(make.enrolment().person.uid) for _ in range(5)]
    found: list[str] = []
    answer = hunyuan.get("persons", limit=2).json()
    while True:
        assert len(answer["results"]) <= 2
        found += [row["id"] for row in answer["results"]]
        if answer["next"] is None:
            break
        answer = hunyuan.browser.get(answer["next"], headers=hunyuan._headers({})).json()
    assert found == made


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "many", "²"])
def test_page_sizes_out_of_range_are_refused(hunyuan: Caller, limit: str) -> None:
    assert hunyuan.get("persons", limit=limit).json()["code"] == "invalid_limit"


@pytest.mark.parametrize("cursor", ["%%%", "cD1hYmM=", "eD0x", "", "é"])  # the second says p=abc
def test_a_cursor_of_nobody_is_refused(hunyuan: Caller, cursor: str) -> None:
    answer = hunyuan.get("persons", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("resource", RESOURCES)
def test_queries_do_not_grow_with_the_rows(hunyuan: Caller, resource: str) -> None:
    counts = []
    for size in (2, 12):
        while Person.objects.whole_city().count() < size:
            pupil = make.poor_child()
            make.identifier(pupil.person, make.id_number())
            make.finding(person=pupil.person, school=pupil.school)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = hunyuan.get(resource)
        assert len(answer.json()["results"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11, counts


def test_reading_a_person_is_on_record(hunyuan: Caller) -> None:
    pupil = make.enrolment()
    for path in (f"persons/{pupil.person.uid}", f"enrolments/{ENROLMENT.of(pupil.pk)}"):
        hunyuan.get(path)
        event = AuditEvent.objects.latest("id")
        assert (event.action, event.source, event.actor) == ("read_person", "api", hunyuan.user)
        assert (event.subject_type, event.subject_id) == ("registry.person", str(pupil.person.pk))
        assert event.county == make.county()


def test_a_page_names_everybody_on_it(hunyuan: Caller) -> None:
    people = [make.enrolment().person.pk for _ in range(3)]
    hunyuan.get("persons")
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.detail["persons"], event.detail["rows"]) == ("list_persons", people, 3)


def test_lookup_finds_by_any_number_in_the_body(hunyuan: Caller) -> None:
    number = make.id_number()
    who = make.enrolment(of=make.person(number=number)).person
    make.identifier(who, number)
    answer = hunyuan.post("persons/lookup", {"number": number, "kind": "id_no"})
    assert answer.json()["id"] == str(who.uid)
    assert number not in answer.content.decode()
    assert AuditEvent.objects.latest("id").action == "read_person"


def test_lookup_of_foreign_and_missing_is_alike(hunyuan: Caller) -> None:
    number = make.id_number()
    make.identifier(
        elsewhere(of=make.person(number=number, county_ids=[make.county("140224").pk])).person, number
    )
    answers = [hunyuan.post("persons/lookup", {"number": one}) for one in (number, make.id_number())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_number_of_two_people_is_told(hunyuan: Caller) -> None:
    number = make.id_number()
    two = [make.enrolment(of=make.person(number=number)).person for _ in range(2)]
    answer = hunyuan.post("persons/lookup", {"number": number})
    assert (answer.status_code, answer.json()["code"]) == (409, "ambiguous_identifier")
    assert answer.json()["candidates"] == [str(person.uid) for person in two]


def test_lookup_by_get_does_not_exist(hunyuan: Caller) -> None:
    assert hunyuan.get("persons/lookup").status_code == 405


def test_ids_of_one_table_are_none_of_another() -> None:
    for key in (1, 4242, 2**40):
        assert SCHOOL.key(SCHOOL.of(key)) == key  # type: ignore[arg-type]
        assert ENROLMENT.key(SCHOOL.of(key)) is None  # type: ignore[arg-type]
        assert SCHOOL.of(key).version == 8  # type: ignore[union-attr]
    assert SCHOOL.key(uuid4()) is None
