"""What a roster's headings may be called: plain data, so that it can be sent into the reading process."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from datong_edu.importing.headings import ALIASES, match_columns, normalise_heading

PLENTY = 8
"""So many known headings make a row of headings, however many others stand beside them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: position from 0, its letter and the heading as written, without spaces."""

    index: int
    letter: str
    heading: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The headings one kind of roster knows.

    `known` are normalised headings.  `fields` (field → extra aliases) and `recognised_by` are those of the
    roster's declaration: a sheet is of the kind when it has every field of one of the sets.  Without
    `recognised_by`, `minimum` known headings that make up a third of the row suffice.
    """

    known: frozenset[str]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    recognised_by: tuple[frozenset[str], ...] = ()
    minimum: int = 2
    has_schools: bool = False
    """The roster is about pupils or staff of schools, so that a row may name the school of those below."""
    many_tables: bool = False
    """A second table below the first is looked for."""
    any_heading: bool = False
    """Where no sheet has headings of the kind, take whatever stands above the rows for headings."""

    def of_a_roster(self, *, has_schools: bool = False) -> "Vocabulary":
        """The same vocabulary for sheets of several tables, and of rows that belong to schools."""
        return replace(self, many_tables=True, has_schools=has_schools)

    def taking_any_heading(self) -> "Vocabulary":
        """The same vocabulary for a file whose headings may tell nothing."""
        return replace(self, any_heading=True)

    @classmethod
    def of_fields(
        cls,
        fields: Mapping[str, Sequence[str]],
        recognised_by: Iterable[Iterable[str]] = (),
        also_known: Iterable[str] = (),
    ) -> "Vocabulary":
        """The vocabulary of a declaration; `also_known` are headings that belong to it but are not taken."""
        known = {
            normalise_heading(alias) for name in fields for alias in (*ALIASES.get(name, ()), *fields[name])
        }
        known |= {normalise_heading(heading) for heading in also_known}
        plain = {name: tuple(aliases) for name, aliases in fields.items()}
        return cls(frozenset(known - {""}), plain, tuple(frozenset(group) for group in recognised_by))

    def knows(self, heading: str) -> bool:
        """Whether a heading, or the lower half of an `upper/lower` heading, belongs to the roster."""
        normal = normalise_heading(heading)
        return normal in self.known or ("/" in normal and normal.rpartition("/")[2] in self.known)

    def recognises(self, headings: Sequence[str]) -> bool:
        """Whether a row of headings makes its sheet one of this kind."""
        known = sum(self.knows(heading) for heading in headings)
        if known < self.minimum or (known < PLENTY and known * 3 < len(headings)):
            return False
        if not self.recognised_by:
            return True
        found = {match.field for match in match_columns(headings, self.fields) if match}
        return any(group <= found for group in self.recognised_by)
