"""Money: due and unpaid (C01), paid twice (C03), paid without a ground (C06), wrong amount (C10)."""

from collections.abc import Callable
from decimal import Decimal

from datong_edu.demo.generator.aid import again, line_of, pay, pay_earlier
from datong_edu.demo.generator.city import FIRST_GRADE, AidLine, City, CivilEntry, Member, Pupil
from datong_edu.demo.generator.population import add_household, give_category

SPRING = "2019-2020-2"
ENDED = "已脱贫（不再享受政策）"


def plant_money(city: City) -> None:
    """Plants and disguises the four money rules, `city.scale` times each kind."""
    for _ in range(city.scale):
        _plant_unpaid(city)
        _disguise_unpaid(city)
        _plant_double(city)
        _disguise_double(city)
        _plant_groundless(city)
        _disguise_groundless(city)
        _plant_wrong_amount(city)
        _disguise_wrong_amount(city)


def plain(
    *stages: str, boards: bool | None = None, kind: str = "", county: str = ""
) -> Callable[[Pupil], bool]:
    """Fits pupils of a stage without any category, in an ordinary school."""

    def fits(pupil: Pupil) -> bool:
        return (
            pupil.stage in stages
            and not pupil.categories
            and pupil.school.kind != "514"
            and (boards is None or pupil.boards == boards)
            and (not kind or pupil.school.kind == kind)
            and (not county or pupil.county.code == county)
        )

    return fits


def take_poor(city: City, fits: Callable[[Pupil], bool], what: str) -> Pupil:
    """Reserves a pupil and gives it a registered household; its lines are left to the planter."""
    pupil = city.take(fits, what)
    add_household(city, pupil.county, [pupil])
    pupil.pays_by_hand = True
    return pupil


def _poor_vocational(pupil: Pupil) -> bool:
    return pupil.stage == "VOC" and pupil.county.is_poor and pupil.grade <= 2 and bool(pupil.categories)


def _in_same_stage_last_year(pupil: Pupil) -> bool:
    return pupil.grade > FIRST_GRADE[pupil.stage]


def _plant_unpaid(city: City) -> None:
    for kind, fits, category in (
        ("poor_boarder", plain("PRI", "JUN", boards=True), ""),
        ("poor_kindergarten", plain("PRE"), ""),
        ("poor_high_school", plain("HS"), ""),
        ("disabled_day_pupil", plain("PRI", "JUN", boards=False), "残疾"),
        ("rural_dibao_day_pupil", plain("PRI", "JUN", boards=False), "农村低保"),
        ("rural_tekun_boarder", plain("JUN", boards=True), "农村特困"),
        ("orphan_boarder", plain("JUN", boards=True), "孤儿"),
    ):
        pupil = city.take(fits, kind)
        if category:
            pupil.is_rural = pupil.is_rural or category.startswith("农村")
            give_category(city, pupil, category)
        else:
            add_household(city, pupil.county, [pupil])
        _leave_unpaid(city, pupil, kind)
    _leave_unpaid(city, city.take(_poor_vocational, "poor_vocational"), "poor_vocational")


def _leave_unpaid(city: City, pupil: Pupil, kind: str) -> None:
    pupil.pays_by_hand = True
    pay_earlier(city, pupil)
    city.plant("C01", pupil.id_no, pupil.county, kind)
    if pupil.stage in ("PRI", "JUN"):
        line = line_of(city, pupil, "CE_BOARD" if pupil.boards else "CE_NONBOARD")
        city.lines.remove(line)
        line.nature, line.batch, line.paid_on = "补发", 9, "2020-12-14"
        city.mend("C01", "aid_roll", pupil.county, pupil.id_no, line)


def _disguise_unpaid(city: City) -> None:
    pupil = take_poor(city, plain("PRI", "JUN", boards=True), "paid by supplement")
    for line in pay(city, pupil):
        line.nature, line.batch, line.paid_on = "补发", 2, "2020-12-08"
    city.decoy("C01", pupil.id_no, pupil.county, "paid_by_supplement")

    pupil = city.take(plain("PRI", "JUN", boards=True), "policy ended")
    add_household(city, pupil.county, [pupil], attribute=ENDED, keeps_policy=False)
    city.decoy("C01", pupil.id_no, pupil.county, "household_left_the_policy")

    for category, kind in (("孤儿", "orphan_day_pupil"), ("城市低保", "urban_dibao_day_pupil")):
        pupil = city.take(plain("PRI", "JUN", boards=False), kind)
        give_category(city, pupil, category)
        city.decoy("C01", pupil.id_no, pupil.county, kind)

    pupil = city.take(plain("PRI", "JUN", boards=True), "category ended")
    give_category(city, pupil, "农村低保", until="2020-06-30")
    city.decoy("C01", pupil.id_no, pupil.county, "category_ended_before_term")

    pupil = take_poor(city, plain("PRI", "JUN", boards=True), "suspended")
    row = pupil.rows[0]
    row.status, row.change, row.changed_on = "休学", "休学", "2020-05-11"
    city.unsteady.add(row.school.code)
    city.decoy("C01", pupil.id_no, pupil.county, "suspended_all_term")

    pupil = take_poor(city, plain("HS"), "waiver only")
    line_of(city, pupil, "HS_FEE")
    city.decoy("C01", pupil.id_no, pupil.county, "has_a_line_of_another_scheme")

    pupil = city.take(plain("PRI", "JUN", boards=True), "registered in another county")
    home = next(c for c in city.counties if c.is_poor and c is not pupil.county)
    add_household(city, home, [pupil])
    city.decoy("C01", pupil.id_no, home, "studies_and_is_paid_in_another_county")


def _plant_double(city: City) -> None:
    boarder, junior = plain("PRI", "JUN", boards=True), plain("JUN")
    changes: dict[str, tuple[Callable[[Pupil], bool], dict[str, object]]] = {
        "twice_in_one_batch": (boarder, {}),
        "in_two_batches": (junior, {"batch": 2, "paid_on": "2020-11-27"}),
        "normal_and_supplement": (boarder, {"batch": 2, "nature": "补发", "paid_on": "2020-12-08"}),
        "kindergarten_twice": (plain("PRE"), {}),
        "grant_twice": (plain("HS"), {"batch": 2, "paid_on": "2020-12-02"}),
    }
    for kind, (fits, cells) in changes.items():
        pupil = take_poor(city, fits, kind)
        first = pay(city, pupil)[0]
        copy = again(city, first, **cells)
        city.plant("C03", pupil.id_no, pupil.county, kind)
        recovery = again(city, copy, nature="追回", amount=-copy.amount, batch=9, paid_on="2020-12-14")
        city.lines.remove(recovery)
        city.mend("C03", "aid_roll", pupil.county, pupil.id_no, recovery)
    pupil = take_poor(city, boarder, "failed, then repaid twice")
    line = pay(city, pupil)[0]
    repaid = _fail_and_repay(city, line)
    again(city, repaid, paid_on="2020-12-09")
    city.plant("C03", pupil.id_no, pupil.county, "failed_then_repaid_twice")


def _fail_and_repay(city: City, line: AidLine) -> AidLine:
    line.status, line.reason = "发放失败", "账号户名不符"
    return again(city, line, status="发放成功", reason="", nature="补发", batch=2, paid_on="2020-12-04")


def _disguise_double(city: City) -> None:
    boarder = plain("PRI", "JUN", boards=True)
    pupil = take_poor(city, boarder, "failed then repaid")
    _fail_and_repay(city, pay(city, pupil)[0])
    city.decoy("C03", pupil.id_no, pupil.county, "failed_then_repaid")

    pupil = take_poor(city, lambda p: boarder(p) and _in_same_stage_last_year(p), "supplement of spring")
    spring = pay(city, pupil, term=SPRING)[0]
    spring.status, spring.reason = "发放失败", "账号不存在"
    now = pay(city, pupil)[0]
    late = again(city, now, of_term=SPRING, nature="补发", batch=2, paid_on="2020-12-04")
    city.decoy("C03", pupil.id_no, pupil.county, "supplement_of_the_term_before")
    city.decoy("C10", late.number, pupil.county, "supplement_of_the_term_before")

    pupil = take_poor(city, boarder, "duplicate recovered")
    line = pay(city, pupil)[0]
    again(city, line, batch=2, paid_on="2020-11-25")
    back = again(city, line, batch=3, nature="追回", amount=-line.amount, paid_on="2020-12-03")
    city.decoy("C03", pupil.id_no, pupil.county, "duplicate_recovered")
    city.decoy("C10", back.number, pupil.county, "recovery_is_negative")

    pupil = take_poor(city, plain("HS"), "two schemes")
    pay(city, pupil)
    city.decoy("C03", pupil.id_no, pupil.county, "grant_and_fee_waiver")

    pupil = take_poor(city, lambda p: boarder(p) and _in_same_stage_last_year(p), "every term once")
    pay(city, pupil)
    pay_earlier(city, pupil)
    city.decoy("C03", pupil.id_no, pupil.county, "once_in_each_term")


def _plant_groundless(city: City) -> None:
    for kind, fits, scheme in (
        ("primary_boarder", plain("PRI", boards=True), "CE_BOARD"),
        ("junior_boarder", plain("JUN", boards=True), "CE_BOARD"),
        ("junior_day_pupil", plain("JUN", boards=False), "CE_NONBOARD"),
        ("kindergarten", plain("PRE"), "PRE_AID"),
        ("high_school", plain("HS"), "HS_GRANT"),
    ):
        pupil = city.take(fits, kind)
        line_of(city, pupil, scheme)
        city.plant("C06", pupil.id_no, pupil.county, kind)
        entry = CivilEntry(
            pupil.county,
            pupil.county.towns[0],
            "残疾",
            pupil.name,
            pupil.id_no,
            "残疾",
            "2018-03-12",
            "",
            f"{pupil.id_no}43",
        )
        city.mend("C06", "civil_list", pupil.county, pupil.id_no, entry)
    pupil = city.take(plain("PRI", boards=True), "category ended, still paid")
    give_category(city, pupil, "农村低保", until="2020-07-31")
    line_of(city, pupil, "CE_BOARD").category = "农村低保"
    city.plant("C06", pupil.id_no, pupil.county, "category_ended_before_term")


def _disguise_groundless(city: City) -> None:
    pupil = city.take(plain("PRI", "JUN", boards=False), "certificate only")
    give_category(city, pupil, "残疾")
    city.civil[-1].certificate = f"{pupil.id_no}43B1"
    city.decoy("C06", pupil.id_no, pupil.county, "on_the_disabled_list_only")

    pupil = city.take(plain("PRI", boards=True), "failed line")
    line = line_of(city, pupil, "CE_BOARD")
    line.status, line.reason = "发放失败", "审核不符退回"
    city.decoy("C06", pupil.id_no, pupil.county, "nothing_was_paid")

    pupil = city.take(plain("JUN", boards=True), "ended within term")
    give_category(city, pupil, "农村低保", until="2020-11-30")
    line_of(city, pupil, "CE_BOARD").category = "农村低保"
    city.decoy("C06", pupil.id_no, pupil.county, "category_ended_within_term")

    pupil = city.take(lambda p: plain("JUN", boards=True)(p) and _in_same_stage_last_year(p), "spring only")
    give_category(city, pupil, "农村低保", until="2020-08-20")
    line_of(city, pupil, "CE_BOARD", term=SPRING).category = "农村低保"
    city.decoy("C06", pupil.id_no, pupil.county, "paid_while_the_category_lasted")

    pupil = take_poor(city, plain("PRI", "JUN", boards=True), "certificate number in the poverty list")
    pay(city, pupil)
    newest_member(city, pupil).id_text = f"{pupil.id_no}43"
    city.decoy("C06", pupil.id_no, pupil.county, "certificate_number_in_the_poverty_list")


def newest_member(city: City, pupil: Pupil) -> Member:
    """The pupil's line in the household added last."""
    return next(m for m in city.households[-1].members if m.id_text == pupil.id_no)


def _plant_wrong_amount(city: City) -> None:
    for kind, fits, amount in (
        ("primary_at_junior_rate", plain("PRI", boards=True), "625"),
        ("junior_at_primary_rate", plain("JUN", boards=True), "500"),
        ("rate_of_2024", plain("JUN", boards=True), "750"),
        ("half_yuan_dropped", plain("JUN", boards=False), "312"),
        ("boarder_rate_for_day_pupil", plain("PRI", boards=False), "500"),
        ("whole_year_at_once", plain("PRE"), "1000"),
        ("grant_between_tiers", plain("HS"), "800"),
    ):
        pupil = take_poor(city, fits, kind)
        line = pay(city, pupil)[0]
        right, line.amount = line.amount, Decimal(amount)
        city.plant("C10", line.number, pupil.county, kind)
        city.mend("C10", "aid_roll", pupil.county, line.number, (line, right))
    pupil = city.take(_poor_vocational, "whole year of the vocational grant")
    pupil.pays_by_hand = True
    line = pay(city, pupil)[0]
    line.amount = Decimal("2000")
    city.plant("C10", line.number, pupil.county, "whole_year_of_the_vocational_grant")


def _disguise_wrong_amount(city: City) -> None:
    pupil = take_poor(city, plain("JUN", boards=False), "half yuan")
    city.decoy("C10", pay(city, pupil)[0].number, pupil.county, "half_yuan")
    pupil = take_poor(city, plain("JUN", boards=True, kind="312"), "junior in a nine-year school")
    city.decoy("C10", pay(city, pupil)[0].number, pupil.county, "junior_of_a_nine_year_school")
    for tier in ("500", "1000", "1500"):
        pupil = take_poor(city, plain("HS"), "grant tier")
        line = pay(city, pupil)[0]
        line.amount = Decimal(tier)
        city.decoy("C10", line.number, pupil.county, f"grant_tier_{tier}")
    pupil = take_poor(
        city, lambda p: plain("JUN", boards=False)(p) and _in_same_stage_last_year(p), "spring rate"
    )
    pay(city, pupil)
    spring = pay(city, pupil, term=SPRING)[0]
    city.decoy("C10", spring.number, pupil.county, "line_of_the_term_before")
