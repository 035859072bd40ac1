"""Which person each row means: exact by number; without one only a candidate, by name with date or school.

Everything is asked in sets, whatever the number of rows: numbers and people are copied into temporary tables
that vanish with the transaction.  Nobody outside the user's sight is ever found, not even as a namesake.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from datong_edu.accounts.models import User
from datong_edu.core import sensitive
from datong_edu.core.names import school_name_key
from datong_edu.desk.comparing.columns import Verdict
from datong_edu.desk.comparing.reading import Number, Question, fault_words
from datong_edu.registry.models import Enrolment, Person, School, SchoolAlias

NAMESAKES_LOOKED_AT = 200
"""Beyond so many people of one name only a birth date narrows them down."""


class Known(NamedTuple):
    """What is needed of a person to match and to explain."""

    id: int
    name: str
    name_key: str
    birth_on: date | None
    id_no_masked: str
    id_no_index: Any


@dataclass(slots=True)
class Answer:
    """What was found for one row; only EXACT and CANDIDATE bring facts."""

    verdict: Verdict
    person: int | None = None
    by: str = ""
    remarks: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """号码一致, 候选（姓名+学校）."""
        return f"{self.verdict.label}（{self.by}）" if self.by else str(self.verdict.label)


class Matcher:
    """Answers the questions of one file for one user; use it inside a transaction."""

    def __init__(self, questions: Sequence[Question], user: User) -> None:
        self.questions, self.user = questions, user
        self.indexes: dict[Number, Any] = {}
        self.owners: dict[tuple[str, Any], int] = {}
        self.people: dict[int, Known] = {}
        self.named: dict[str, list[Known]] = {}
        self.schools: dict[str, set[int]] = {}
        self.schools_of: dict[int, set[int]] = {}

    def answers(self) -> list[Answer]:
        """One answer for each question; afterwards `people_found()` holds whom they mean."""
        self._find_numbers()
        answers = [self._by_number(question) for question in self.questions]
        open_at = [at for at, answer in enumerate(answers) if answer is None]
        asked = [self.questions[at] for at in open_at]
        self._find_names({question.name_key for question in asked if question.name_key})
        self._find_schools(asked)
        for at, question in zip(open_at, asked, strict=True):
            answers[at] = self._by_name(question)
        return [answer for answer in answers if answer is not None]

    # --- by number ------------------------------------------------------------------------------------

    def _find_numbers(self) -> None:
        """Owners of all numbers, present and former, as far as the user sees them."""
        numbers = {number for question in self.questions for number in question.numbers}
        self.indexes = {(kind, plain): sensitive.blind_index(kind, plain) for kind, plain in numbers}
        fill("compare_numbers", "kind text, value uuid", ((n[0], i) for n, i in self.indexes.items()))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT i.kind, i.value_index, i.person_id FROM compare_numbers n"
                " JOIN registry_personidentifier i ON i.value_index = n.value AND i.kind = n.kind"
            )
            self.owners = {(kind, index): person for kind, index, person in cursor.fetchall()}
        fill("compare_owners", "id bigint", ((person,) for person in set(self.owners.values())))
        self.people = {one.id: one for one in self._seen(pk__in=RawSQL("SELECT id FROM compare_owners", ()))}

    def _by_number(self, question: Question) -> Answer | None:
        owned: list[tuple[Number, Known]] = []
        for number in question.numbers:
            owner = self.owners.get((number[0], self.indexes[number]))
            if owner in self.people:
                owned.append((number, self.people[owner]))
        if not owned:
            return None
        number, person = owned[0]
        answer = Answer(Verdict.EXACT, person.id, remarks=list(question.remarks))
        if number[0] == "student_no":
            answer.remarks.append("按学籍号一致")
        elif person.id_no_index and self.indexes[number] != person.id_no_index:
            answer.remarks.append(f"为曾用号码，档案现号 {person.id_no_masked}")
        if any(other.id != person.id for _, other in owned):
            answer.remarks.append("学籍号属于另一人，请核对")
        if question.fault:
            answer.remarks.append(fault_words(question.fault))
        if question.name_key and question.name_key != person.name_key:
            answer.remarks.append(f"姓名不一致，档案为“{person.name}”")
        return answer

    # --- by name --------------------------------------------------------------------------------------

    def _find_names(self, keys: set[str]) -> None:
        """Everybody in sight with one of the names."""
        if not keys:
            return
        fill("compare_names", "name_key text", ((key,) for key in keys))
        found: dict[str, list[Known]] = defaultdict(list)
        for one in self._seen(name_key__in=RawSQL("SELECT name_key FROM compare_names", ())):
            found[one.name_key].append(one)
            self.people[one.id] = one
        self.named = found

    def _find_schools(self, asked: Sequence[Question]) -> None:
        """Schools that the rows name, and who of the namesakes is or was at which school."""
        if not any(question.school for question in asked):
            return
        found: dict[str, set[int]] = defaultdict(set)
        for pk, name in School.objects.visible_to(self.user).values_list("pk", "name"):
            found[school_name_key(name)].add(pk)
        for pk, name in SchoolAlias.objects.visible_to(self.user).values_list("school_id", "name"):
            found[school_name_key(name)].add(pk)
        self.schools = found
        wanted = {
            one.id
            for question in asked
            if question.school
            for one in self.named.get(question.name_key, ())[:NAMESAKES_LOOKED_AT]
        }
        fill("compare_namesakes", "id bigint", ((person,) for person in wanted))
        places: dict[int, set[int]] = defaultdict(set)
        rows = Enrolment.objects.visible_to(self.user)
        inside = RawSQL("SELECT id FROM compare_namesakes", ())
        for person, school in rows.filter(person__in=inside).values_list("person_id", "school_id"):
            places[person].add(school)
        self.schools_of = places

    def _by_name(self, question: Question) -> Answer:
        """A candidate for a row without number; for one with a number only a hint in words."""
        if question.is_empty:
            return Answer(Verdict.NOT_FOUND, remarks=["没有号码，也没有姓名"])
        found = self._candidate(question)
        if not question.numbers and not question.fault:
            return found
        hint = self._hint(found)
        if question.fault:
            return Answer(Verdict.BAD_NUMBER, remarks=[fault_words(question.fault), *hint])
        return Answer(Verdict.NOT_FOUND, remarks=[*question.remarks, *hint])

    def _candidate(self, question: Question) -> Answer:
        """The only person whom name, birth date and school allow, or why there is none."""
        everybody = self.named.get(question.name_key, [])
        fitting = [one for one in everybody if _same_day(one.birth_on, question.birth_on)]
        remarks = []
        by_birth = question.birth_on is not None
        known = self.schools.get(school_name_key(question.school)) if question.school else None
        by_school = False
        if known:
            at_school = [one for one in fitting if known & self.schools_of.get(one.id, set())]
            by_school = bool(at_school)
            if not by_birth or at_school:
                fitting = at_school
        elif question.school:
            remarks.append("学校不在可见的学校名单中，未用于比对")
        if not fitting:
            if everybody:
                remarks.append(f"同名 {len(everybody)} 人，出生日期或学校均不符")
            return Answer(Verdict.NOT_FOUND, remarks=remarks)
        if len(fitting) > 1:
            remarks.append(f"{len(fitting)} 人，请补身份证号")
            return Answer(Verdict.NAMESAKES, remarks=remarks)
        person = fitting[0]
        exactly_born = by_birth and person.birth_on is not None
        agreed = [
            "姓名", *(["出生日期"] if exactly_born else []), *(["学校"] if by_school else []),
        ]  # fmt: skip
        by = "+".join(agreed) if len(agreed) > 1 else "仅姓名"
        masked = f"档案证件号 {person.id_no_masked}" if person.id_no_masked else "档案无证件号"
        return Answer(Verdict.CANDIDATE, person.id, by, [*remarks, f"{masked}，请核对"])

    def _hint(self, found: Answer) -> list[str]:
        if found.verdict is not Verdict.CANDIDATE or found.by == "仅姓名" or found.person is None:
            return []
        person = self.people[found.person]
        return [f"{found.by}相同的有 {person.name} {person.id_no_masked}，请核对号码".replace("  ", " ")]

    def _seen(self, **condition: Any) -> Iterable[Known]:
        rows = Person.objects.visible_to(self.user).filter(**condition)
        return map(Known._make, rows.values_list(*Known._fields))


def fill(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """A temporary table with these rows, for this transaction only."""
    buffer = io.StringIO()
    buffer.writelines("\t".join(_plain(value) for value in row) + "\n" for row in rows)
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
        cursor.cursor.copy_expert(f"COPY {table} FROM STDIN", buffer)
        cursor.execute(f"ANALYZE {table}")


def _plain(value: Any) -> str:
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _same_day(born_on: date | None, written: date | None) -> bool:
    """Whether two birth dates do not contradict each other."""
    return born_on is None or written is None or born_on == written
