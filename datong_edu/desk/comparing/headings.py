"""Which sheets the compare tool can work on; light, for the reading process loads it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datong_edu.importing.headings import ALIASES, match_columns
from datong_edu.importing.layout.vocabulary import Column, Vocabulary

FIELDS: Mapping[str, Sequence[str]] = {
    "id_no": ("本人身份证号", "本人身份证号码"),
    "name": ("名字",),
    "student_no": ("学籍编号",),
    "birth": ("生日",),
    "school": ("现就读学校", "就读学校名称"),
}
IDENTIFYING = frozenset({"id_no", "name", "student_no"})


@dataclass(frozen=True, slots=True)
class AnySheet(Vocabulary):
    """Takes every sheet that has a number or a name, whatever else stands beside it.

    Other sheets with headings the portal knows are taken too, so that the refusal can say what was seen.
    """

    def recognises(self, headings: Sequence[str]) -> bool:
        """Whether a row of headings names people, or is at least a row of headings."""
        return bool(IDENTIFYING & set(fields_of(headings))) or Vocabulary.recognises(self, headings)


@dataclass(frozen=True, slots=True)
class AnyRow(Vocabulary):
    """Takes the fullest of the first rows for headings, only to tell the clerk what was seen."""

    def knows(self, heading: str) -> bool:
        """Every text may be a heading."""
        return bool(heading)

    def recognises(self, headings: Sequence[str]) -> bool:
        """Every row with a text may be one of headings."""
        return True


def vocabulary() -> AnySheet:
    """All headings the portal knows; those of another field help to find the row, and are not read."""
    everything = Vocabulary.of_fields({**dict.fromkeys(ALIASES, ()), **FIELDS})
    return AnySheet(everything.known, FIELDS)


def fields_of(headings: Sequence[str]) -> list[str]:
    """The field each heading is, empty for one that is not read."""
    return [match.field if match else "" for match in match_columns(headings, FIELDS)]


def columns_of(columns: Sequence[Column]) -> dict[str, int]:
    """Field -> position of its column, from 0."""
    found = fields_of([column.heading for column in columns])
    return {name: column.index for name, column in zip(found, columns, strict=True) if name}
