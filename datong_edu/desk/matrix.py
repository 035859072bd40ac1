"""应享与实享: scheme by term, what was paid beside what the regulations of the day say was due.

Pure arithmetic over facts already read.  Amounts are yuan; a yearly standard is due half per term.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from datong_edu.core.codes import AwardStatus
from datong_edu.core.models import Term
from datong_edu.desk.facts import PersonFacts
from datong_edu.standards.lookup import Book
from datong_edu.web.numbers import yuan
from datong_edu.web.parts import Cell, Matrix, MatrixRow
from datong_edu.web.templatetags.portal import term_short
from subsidies.models import AwardLine
from subsidies.rules import RATED_SCHEMES, STAGED_SCHEMES, TIERED_SCHEMES, Due, due_schemes, due_table

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Owed:
    """What a scheme pays for a term: one amount, or several tiers any of which may be right."""

    tiers: tuple[Decimal, ...] = ()

    @property
    def least(self) -> Decimal:
        """The lowest lawful amount, in yuan; nothing when the amount is not known."""
        return min(self.tiers, default=ZERO)

    @property
    def words(self) -> str:
        """625, 500–1,500, or 待定 when the school's fee is not known."""
        if not self.tiers:
            return "待定"
        low, high = min(self.tiers), max(self.tiers)
        return yuan(low) if low == high else f"{yuan(low)}–{yuan(high)}"


@dataclass(frozen=True)
class Paid:
    """What one scheme's lines of one term come to."""

    net: Decimal = ZERO
    pending: Decimal = ZERO
    waived: bool = False
    lines: int = 0


@lru_cache(maxsize=64)
def _regulation(book: Book, on: date) -> tuple[Due, ...]:
    """What the regulations say on a day, remembered as long as the standards stay as they are."""
    return tuple(due_table(on, book))


def owed_in(facts: PersonFacts, term: Term, book: Book) -> dict[str, Owed] | None:
    """Schemes due to the pupil in a term by the census day; None when no registry row tells."""
    row = facts.standing_on(term.census_on)
    if row is None:
        return None
    if row.status != "在读":
        return {}
    due = due_schemes(
        stage=row.stage,
        grade=row.grade,
        boarding=row.boarding,
        categories=[spell.category for spell in facts.categories_on(term.census_on)],
        in_poverty_county=row.county.is_poverty_county,
        table=_regulation(book, term.starts_on),
    )
    fee = row.school.yearly_tuition
    return {
        scheme: Owed(_halves(book, scheme, row.stage, row.county_id, fee, term.starts_on)) for scheme in due
    }


def _halves(
    book: Book, scheme: str, stage: str, county_id: int, fee: Decimal | None, on: date
) -> tuple[Decimal, ...]:
    if scheme not in RATED_SCHEMES:  # fees follow what the school may charge
        return (fee / 2,) if fee else ()
    scopes = [{"tier": tier} for tier in ("low", "middle", "high")] if scheme in TIERED_SCHEMES else [{}]
    if scheme in STAGED_SCHEMES:
        scopes = [{"stage": stage}]
    yearly = (book.at(scheme, on, county=county_id, **scope) for scope in scopes)
    return tuple(amount / 2 for amount in yearly if isinstance(amount, Decimal))


def paid_by_scheme(lines: Iterable[AwardLine]) -> dict[tuple[str, str], Paid]:
    """Sums of the lines by scheme and term; failed lines reached nobody."""
    sums: dict[tuple[str, str], Paid] = {}
    for line in lines:
        key = (line.scheme_id, line.term_id)
        now = sums.get(key, Paid())
        if line.status == AwardStatus.FAILED:
            sums[key] = now
            continue
        is_pending = line.status == AwardStatus.PENDING
        sums[key] = Paid(
            now.net + (ZERO if is_pending else line.amount),
            now.pending + (line.amount if is_pending else ZERO),
            now.waived or line.status == AwardStatus.WAIVED,
            now.lines + 1,
        )
    return sums


def cell_of(paid: Paid | None, owed: Owed | None, *, known: bool) -> Cell:
    """One cell: 625／625, 0／625 缺, 已免, or 不适用."""
    if paid is None and owed is None:
        return Cell("不适用" if known else "—")
    paid = paid or Paid()
    if owed is None:
        text = "已免" if paid.waived and not paid.net else yuan(paid.net)
        return Cell(
            f"{text}／0 多" if known and paid.net > 0 else text, "odd" if known and paid.net > 0 else "none"
        )
    if paid.waived and not owed.tiers:
        return Cell("已免", "ok")
    if paid.pending and paid.net < owed.least:
        return Cell(f"{yuan(paid.net)}／{owed.words} 待发", "odd")
    if not owed.tiers:
        return Cell(f"{yuan(paid.net)}／{owed.words}", "ok" if paid.lines else "short")
    if paid.net < owed.least:
        return Cell(f"{yuan(paid.net)}／{owed.words} 缺", "short")
    over = paid.net not in owed.tiers
    return Cell(f"{yuan(paid.net)}／{owed.words}{' 多' if over else ''}", "odd" if over else "ok")


def _summed(due: Iterable[Owed | None]) -> str:
    """All that was due: 1,250, or 1,000–3,000 where several tiers may be right."""
    owed = [one for one in due if one and one.tiers]
    low, high = sum((min(one.tiers) for one in owed), ZERO), sum((max(one.tiers) for one in owed), ZERO)
    return yuan(low) if low == high else f"{yuan(low)}–{yuan(high)}"


def matrix_of(facts: PersonFacts, terms: Sequence[Term], titles: Mapping[str, str], book: Book) -> Matrix:
    """The matrix over some terms, oldest first; only schemes with a line or something due."""
    paid = paid_by_scheme(facts.awards)
    owed = {term.code: owed_in(facts, term, book) for term in terms}
    codes = [term.code for term in terms]
    rows = []
    for scheme, title in titles.items():
        due = {code: (owed[code] or {}).get(scheme) for code in codes}
        got = {code: paid.get((scheme, code)) for code in codes}
        if not any(due.values()) and not any(got.values()):
            continue
        cells = [cell_of(got[code], due[code], known=owed[code] is not None) for code in codes]
        total = yuan(sum((one.net for one in got.values() if one), ZERO))
        is_known = all(owed[code] is not None for code in codes if got[code])
        rows.append(MatrixRow(title, cells, f"{total}／{_summed(due.values())}" if is_known else total))
    return Matrix("资助项目", [term_short(code) for code in codes], rows)
