"""What the city is made of: pupils, households, lists, aid lines, teachers, meals, and the answer key."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from datong_edu.demo.generator.people import People
from datong_edu.demo.generator.places import County, School, counties, schools

TERM = "2020-2021-1"
AS_OF = date(2020, 12, 15)
TERM_STARTS = {"2019-2020-1": date(2019, 9, 1), "2019-2020-2": date(2020, 3, 1), TERM: date(2020, 9, 1)}
EARLIER_TERMS = ("2019-2020-2", "2019-2020-1")

POOR = "建档立卡"
FIRST_GRADE = {"PRE": 1, "PRI": 1, "JUN": 7, "HS": 10, "VOC": 1}
LAST_GRADE = {"PRE": 3, "PRI": 6, "JUN": 9, "HS": 12, "VOC": 3}
# Age in full years on 31 August on entering the first grade of a stage.
ENTRY_AGE = {"PRE": 3, "PRI": 6, "JUN": 12, "HS": 15, "VOC": 15}


@dataclass(eq=False)
class Pupil:
    """A child or young person of the registry, with the guardian whose card receives the money."""

    name: str
    sex: str
    born: date
    id_no: str
    student_no: str
    county: County
    school: School
    stage: str
    grade: int
    class_no: int
    entered: str
    boards: bool
    is_rural: bool
    guardian: str
    guardian_id: str
    phone: str
    account: str
    categories: set[str] = field(default_factory=set)
    rows: list["RegistryRow"] = field(default_factory=list)
    is_reserved: bool = False
    pays_by_hand: bool = False

    @property
    def main_category(self) -> str:
        """The one category an aid line names."""
        order = (POOR, "农村特困", "孤儿", "残疾", "农村低保", "城市低保")
        return next((item for item in order if item in self.categories), "")


@dataclass(eq=False)
class RegistryRow:
    """One row of a county's registry export; overrides carry planted wrong cells."""

    pupil: Pupil
    school: School
    stage: str
    grade: int
    entered: str
    status: str = "在读"
    change: str = ""
    changed_on: str = ""
    id_text: str | None = None
    id_type: str = "居民身份证"
    sex: str | None = None
    student_no: str | None = None


@dataclass(eq=False)
class Member:
    """A member of a registered poor household."""

    name: str
    sex: str
    born: date
    id_text: str
    relation: str
    education: str = ""
    student_status: str = ""


@dataclass(eq=False)
class Household:
    """A registered poor household with its members, the head first."""

    number: str
    county: County
    town: str
    village: str
    attribute: str
    since: int
    exit_year: str
    cause: str
    members: list[Member] = field(default_factory=list)


@dataclass(eq=False)
class CivilEntry:
    """A line of the lists of civil affairs and the disabled federation."""

    county: County
    town: str
    sheet: str
    name: str
    id_no: str
    category: str
    since: str
    until: str = ""
    certificate: str = ""


@dataclass(eq=False)
class AidLine:
    """A ledger line of an aid roll: one payment, waiver, failure or recovery."""

    number: str
    pupil: Pupil
    school: School
    scheme: str
    term: str
    of_term: str
    amount: Decimal
    category: str
    status: str = "发放成功"
    paid_on: str = ""
    reason: str = ""
    nature: str = "正常"
    batch: int = 1
    stage: str = ""
    grade: int = 0


@dataclass(eq=False)
class Teacher:
    """A teacher's line in a county's staff list."""

    name: str
    sex: str
    born: date
    id_no: str
    school: School
    post: str
    joined: str
    arrived: str
    account: str
    left: str = ""
    state: str = "在岗"
    exemption: str = ""


@dataclass(eq=False)
class Allowance:
    """A line of the rural teachers' living allowance."""

    teacher: Teacher
    school: School
    months: int = 12
    monthly: int = 300


@dataclass(eq=False)
class MealMonth:
    """A school's monthly meal report."""

    school: School
    month: str
    enrolled: int
    eaters: int
    days: int


@dataclass(eq=False)
class DropoutLine:
    """A line of a county's dropout ledger."""

    pupil: Pupil
    since: str
    cause: str
    owner: str
    visits: int
    returned: str = ""
    closed: str = ""


@dataclass(frozen=True)
class Mark:
    """An entry of the answer key: a planted fault or a look-alike, by rule and subject."""

    rule: str
    subject: str
    county: str
    kind: str


@dataclass(frozen=True)
class Mend:
    """A roster that removes the cause of one planted fault once it is imported."""

    rule: str
    kind: str
    county: County
    subject: str
    content: object


class City:
    """Everything that will be written, and the means to draw people from it."""

    def __init__(self, *, students: int, seed: int, terms: int = 1) -> None:
        self.students = students
        self.seed = seed
        self.earlier_terms = EARLIER_TERMS[:terms]
        self.rng = random.Random(seed)
        self.people = People(self.rng)
        self.counties = counties()
        self.schools = schools()
        self.school_by_code = {school.code: school for school in self.schools}
        self.pupils: list[Pupil] = []
        self.households: list[Household] = []
        self.civil: list[CivilEntry] = []
        self.deaths: list[tuple[str, str, str, County]] = []
        self.moves: list[tuple[str, str, str, County, str]] = []
        self.lines: list[AidLine] = []
        self.teachers: list[Teacher] = []
        self.allowances: list[Allowance] = []
        self.meals: list[MealMonth] = []
        self.dropouts: list[DropoutLine] = []
        self.planted: list[Mark] = []
        self.lookalikes: list[Mark] = []
        self.mends: list[Mend] = []
        self.unsteady: set[str] = set()
        self._deck: list[Pupil] = []
        self._line_counts: dict[tuple[str, str], int] = {}

    @property
    def scale(self) -> int:
        """How many times each kind of fault is planted."""
        return max(1, round(self.students / 8000))

    def shuffle_deck(self) -> None:
        """Puts the pupils into a fixed random order from which planters draw."""
        self._deck = list(self.pupils)
        self.rng.shuffle(self._deck)

    def take(self, fits: Callable[[Pupil], bool], what: str) -> Pupil:
        """Reserves one pupil that fits and that no other planter has touched.

        Raises LookupError naming `what` when the city is too small for it.
        """
        for pupil in self._deck:
            if not pupil.is_reserved and fits(pupil):
                pupil.is_reserved = True
                return pupil
        raise LookupError(f"no pupil left for {what}: give more students")

    def next_line_number(self, term: str, county: County) -> str:
        """行号 of the next ledger line, unique in the city."""
        count = self._line_counts[term, county.code] = self._line_counts.get((term, county.code), 0) + 1
        return f"{term[:4]}{term[-1]}-{county.code}-{count:06d}"

    def plant(self, rule: str, subject: str, county: County, kind: str) -> None:
        """Notes a fault the cross-check has to find."""
        self.planted.append(Mark(rule, subject, county.code, kind))

    def decoy(self, rule: str, subject: str, county: County, kind: str) -> None:
        """Notes a look-alike the cross-check must leave alone."""
        self.lookalikes.append(Mark(rule, subject, county.code, kind))

    def mend(self, rule: str, kind: str, county: County, subject: str, content: object) -> None:
        """Keeps the first way to mend a fault of `rule`."""
        if all(item.rule != rule for item in self.mends):
            self.mends.append(Mend(rule, kind, county, subject, content))
