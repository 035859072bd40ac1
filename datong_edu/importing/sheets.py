"""A kind whose workbook has sheets of different make, such as 撤并, 分流 and 资产 of a merger.

    @roster
    class Mergers(SheetsRoster):
        key, title = "mergers", "学校撤并分流名单"
        parts = (ClosedSchools, Placements, MergerAssets)

Each part is a declaration of its own, and may be a kind of its own as well.  A sheet is of the first part
whose headings it has; its rows are cleaned, checked, resolved and merged as that part says.  All rows of the
batch are staged in one table; a part's set statements see its own rows through a view.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from datong_edu.importing.declare import Column, Conflict, Context, Derived, Roster, Target
from datong_edu.importing.staging import Stage

if TYPE_CHECKING:
    from datong_edu.accounts.models import Unit


class PartStage(Stage):
    """The staged rows of one part."""

    def __init__(self, part: Roster, whole: Stage) -> None:
        super().__init__(part, whole.batch_id)
        self.table = f"{whole.table}_{part.key}"
        self.run(
            f"CREATE OR REPLACE VIEW {self.table} AS SELECT * FROM {whole.table} WHERE part = '{part.key}'"
        )


class SheetsRoster(Roster):
    """Base of kinds made of several declarations; columns, conflicts and targets are those of its parts."""

    parts: ClassVar[tuple[type[Roster], ...]]

    def __init_subclass__(cls) -> None:
        """Join the declarations of the parts."""
        columns: dict[str, Column] = {}
        derived: dict[str, Derived] = {"part": Derived("part")}
        for part in cls.parts:
            for column in part.columns:
                columns.setdefault(column.field, column)
            derived |= {one.name: one for one in part.derived}
        named = {column.name for column in columns.values()}
        cls.columns = tuple(columns.values())
        cls.derived = tuple(one for name, one in derived.items() if name not in named)
        cls.recognised_by = tuple(group for part in cls.parts for group in part.recognised_by)
        cls.ignored = tuple(heading for part in cls.parts for heading in part.ignored)
        cls.conflicts = tuple(_within(part, one) for part in cls.parts for one in part.conflicts)
        cls.targets = tuple(
            _of(part, target, is_first=place == 0)
            for part in cls.parts
            for place, target in enumerate(part.targets)
        )
        waiting = ", ".join(f"'{part.key}'" for part in cls.parts if part.ledger_missing)
        cls.not_written = f"s.part IN ({waiting})" if waiting else ""

    def __init__(self) -> None:
        self.made = tuple(part() for part in self.parts)

    def sheet_like(self, fields: Collection[str]) -> Roster:
        """The part that has these fields; the first one where none is complete."""
        found = (part for part in self.made for group in part.recognised_by if group <= set(fields))
        return next(found, self.made[0])

    def makes(self) -> Sequence[Roster]:
        """The parts."""
        return self.made

    def known_values(self, unit: "Unit") -> Mapping[str, Callable[[str], bool]]:
        """What the parts know."""
        return {name: test for part in self.made for name, test in part.known_values(unit).items()}

    def prepare(self, context: Context) -> None:
        """Load the books of every part."""
        for part in self.made:
            part.prepare(context)

    def resolve(self, stage: Stage, context: Context) -> None:
        """Let each part look up its own rows."""
        for part in self.made:
            part.resolve(PartStage(part, stage), context)

    def create_missing(self, stage: Stage, context: Context) -> None:
        """Let each part with a ledger create what it needs."""
        for part in self._with_ledger():
            part.create_missing(PartStage(part, stage), context)

    def after_merge(self, stage: Stage, context: Context) -> None:
        """Let each part with a ledger finish."""
        for part in self._with_ledger():
            part.after_merge(PartStage(part, stage), context)

    def _with_ledger(self) -> list[Roster]:
        return [part for part in self.made if not part.ledger_missing]


def _within(part: type[Roster], conflict: Conflict) -> Conflict:
    """Only rows of the part contradict each other."""
    return replace(
        conflict,
        columns=("part", *conflict.columns),
        counted=f"({conflict.counted}) AND s.part = '{part.key}'",
    )


def _of(part: type[Roster], target: Target, *, is_first: bool) -> Target:
    """Only rows of the part go into its ledgers; the first of them tells which rows are new."""
    return replace(target, where=f"({target.where}) AND s.part = '{part.key}'", decides_new=is_first)
