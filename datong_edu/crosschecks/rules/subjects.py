"""Natural keys of findings: the number or code under which an office knows the subject.

A finding stores the key of its subject's row.  These functions open the numbers of many findings with one
query per kind; callers hold the permission to see numbers and have written the audit event.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import F

from datong_edu.core.sensitive import unseal
from datong_edu.crosschecks.engine.enums import SubjectKind
from datong_edu.registry.models import Enrolment, HouseholdMembership, Person, School
from subsidies.models import AwardLine

Key = tuple[str, str]
ID_LENGTH = 18


def in_clear(subjects: Iterable[Key]) -> dict[Key, str]:
    """The natural key of each subject (kind, id); empty where its row is gone."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind, subject_id in subjects:
        wanted[kind].append(subject_id)
    return {
        (kind, subject_id): text
        for kind, ids in wanted.items()
        for subject_id, text in _READERS[SubjectKind(kind)](ids).items()
    }


def _open(kind: str, cipher: bytes | None, index: UUID | None) -> str:
    """The number behind a ciphertext; of a certificate the first 18 characters."""
    if cipher is None or index is None:
        return ""
    number = unseal(kind, cipher, index)
    return number[:ID_LENGTH] if kind == "id_no" else number


def _persons(ids: list[str]) -> dict[str, str]:
    """Current ID number; without one the number of a registry row, then its 学籍号, then the 人编号."""
    rows = Person.objects.whole_city().filter(pk__in=ids).values_list("pk", "id_no", "id_no_index")
    found = {str(pk): _open("id_no", cipher, index) for pk, cipher, index in rows.iterator()}
    bare = [int(pk) for pk, number in found.items() if not number]
    if bare:
        found |= _by_register(bare)
    return found


def _by_register(ids: list[int]) -> dict[str, str]:
    members = HouseholdMembership.objects.whole_city().filter(person__in=ids).order_by("pk")
    found = {str(person): number for person, number in members.values_list("person", "member_no")}
    places = (
        Enrolment.objects.whole_city().filter(person__in=ids).order_by(F("until_on").desc(nulls_last=True))
    )
    columns = ("person", "id_no", "id_no_index", "student_no", "student_no_index")
    for person, cipher, index, student_no, student_index in places.values_list(*columns):
        number = _open("id_no", cipher, index) or _open("student_no", student_no, student_index)
        if number:
            found[str(person)] = number
    return found


def _members(ids: list[str]) -> dict[str, str]:
    """The number as in the poverty row; 人编号 without one."""
    rows = HouseholdMembership.objects.whole_city().filter(pk__in=ids)
    columns = ("pk", "id_no", "id_no_index", "member_no")
    return {
        str(pk): _open("id_no", cipher, index) or member_no
        for pk, cipher, index, member_no in rows.values_list(*columns)
    }


def _enrolments(ids: list[str]) -> dict[str, str]:
    """学籍号 of the row; its key is the blind index, which outlives a change of the row."""
    rows = Enrolment.objects.whole_city().filter(student_no_index__in=ids)
    columns = ("student_no_index", "student_no")
    return {str(index): _open("student_no", cipher, index) for index, cipher in rows.values_list(*columns)}


def _award_lines(ids: list[str]) -> dict[str, str]:
    """行号; of a roll without line numbers the payee's ID number."""
    rows = AwardLine.objects.whole_city().filter(pk__in=ids)
    columns = ("pk", "line_no", "id_no", "id_no_index")
    return {
        str(pk): line_no or _open("id_no", cipher, index)
        for pk, line_no, cipher, index in rows.values_list(*columns)
    }


def _school_months(ids: list[str]) -> dict[str, str]:
    """学校标识码|YYYY-MM."""
    parts = {subject: subject.split("|") for subject in ids}
    schools = School.objects.whole_city().filter(pk__in={school for school, _ in parts.values()})
    codes = {str(pk): code for pk, code in schools.values_list("pk", "code")}
    return {
        subject: f"{codes[school]}|{month}" for subject, (school, month) in parts.items() if school in codes
    }


_READERS: dict[SubjectKind, Callable[[list[str]], dict[str, Any]]] = {
    SubjectKind.PERSON: _persons,
    SubjectKind.MEMBER: _members,
    SubjectKind.ENROLMENT: _enrolments,
    SubjectKind.AWARD_LINE: _award_lines,
    SubjectKind.SCHOOL_MONTH: _school_months,
}
