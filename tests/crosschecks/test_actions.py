"""What people may do with findings."""

from datetime import date

import pytest

from datong_edu.accounts.roles import Role
from datong_edu.core.models import AuditEvent, Job
from datong_edu.crosschecks.engine import actions, policies
from datong_edu.crosschecks.engine.enums import Status, Verdict
from datong_edu.crosschecks.engine.exceptions import NotAllowed
from datong_edu.crosschecks.engine.models import Finding
from tests import factories as make

AS_OF = date(2020, 11, 23)


@pytest.fixture
def finding(found) -> Finding:
    """A pending finding of 浑源县."""
    make.poor_child()
    return found("C01")[0]


def test_clerk_confirms_then_closes_with_audit(finding):
    clerk = make.user()
    actions.answer_finding(finding=finding, verdict=Verdict.CONFIRMED, note="", by=clerk)
    closed = actions.close_finding(finding=finding, note="已列入补发", on=AS_OF, by=clerk)
    assert (closed.status, closed.closed_by, closed.closed_on) == (Status.FIXED, clerk, AS_OF)
    assert list(AuditEvent.objects.filter(actor=clerk).order_by("id").values_list("action", flat=True)) == [
        "crosschecks.finding_answered",
        "crosschecks.finding_closed",
    ]
    assert not Finding.objects.visible_to(clerk).open().exists()


def test_reopened_by_hand_counts(finding):
    clerk = make.user()
    actions.close_finding(finding=finding, note="已补发", on=AS_OF, by=clerk)
    again = actions.reopen_finding(finding=finding, note="退汇", by=clerk)
    assert (again.status, again.reopened, again.closed_on) == (Status.PENDING, 1, None)


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.AUDITOR, Role.CITY_STAFF, Role.SYSTEM_ADMIN, Role.API_CLIENT]
)
def test_onlookers_may_not_answer(finding, role):
    with pytest.raises(NotAllowed):
        actions.answer_finding(
            finding=finding,
            verdict=Verdict.CONFIRMED,
            note="",
            by=make.user(role, make.county() if role == Role.API_CLIENT else make.city()),
        )


def test_clerk_of_another_county_sees_nothing(finding):
    stranger = make.user(unit=make.county("140221"))
    assert not Finding.objects.visible_to(stranger).exists()
    with pytest.raises(NotAllowed, match="不在您的管辖范围"):
        actions.answer_finding(finding=finding, verdict=Verdict.CONFIRMED, note="", by=stranger)


@pytest.mark.parametrize("note", ["", "  ", "长" * 501])
def test_false_alarm_needs_a_reason(finding, note):
    with pytest.raises(NotAllowed):
        actions.answer_finding(finding=finding, verdict=Verdict.FALSE_ALARM, note=note, by=make.user())


def test_closed_finding_is_not_answered(finding):
    clerk = make.user()
    actions.close_finding(finding=finding, note="已补发", on=AS_OF, by=clerk)
    with pytest.raises(NotAllowed):
        actions.answer_finding(finding=finding, verdict=Verdict.CONFIRMED, note="", by=clerk)


def test_school_answers_what_it_was_handed_and_closes_nothing(finding):
    helper = make.school_unit(make.school())
    school_clerk = make.user(Role.SCHOOL_CLERK, helper)
    assert not Finding.objects.visible_to(school_clerk).exists()
    actions.assign_to_school(finding=finding, school=helper, by=make.user())
    assert Finding.objects.visible_to(school_clerk).get() == finding
    actions.answer_finding(finding=finding, verdict=Verdict.CONFIRMED, note="属实", by=school_clerk)
    with pytest.raises(NotAllowed):
        actions.close_finding(finding=finding, note="好了", on=AS_OF, by=school_clerk)


def test_assign_only_to_schools_of_the_county(finding):
    far = make.school_unit(make.school(county=make.county("140221")))
    for unit in (far, make.county()):
        with pytest.raises(NotAllowed, match="本县区的学校"):
            actions.assign_to_school(finding=finding, school=unit, by=make.user())


def test_waiver_is_not_the_clerks_and_ends_later(finding):
    with pytest.raises(NotAllowed):
        actions.waive_finding(finding=finding, reason="无", until=date(2021, 1, 1), on=AS_OF, by=make.user())
    head = make.user(Role.COUNTY_HEAD)
    with pytest.raises(NotAllowed, match="晚于今天"):
        actions.waive_finding(finding=finding, reason="批准", until=AS_OF, on=AS_OF, by=head)


@pytest.mark.parametrize(
    ("role", "unit", "county", "allowed"),
    [
        (Role.COUNTY_CLERK, "140225", "140225", True),
        (Role.COUNTY_CLERK, "140225", "140221", False),
        (Role.COUNTY_CLERK, "140225", None, False),
        (Role.COUNTY_REVIEWER, "140225", "140225", False),
        (Role.CITY_STAFF, "140200", None, True),
        (Role.CITY_STAFF, "140200", "140221", True),
        (Role.LEADER, "140200", None, False),
    ],
)
def test_who_may_start_a_run(role, unit, county, allowed):
    user = make.user(role, make.county(unit))
    target = county and make.county(county)
    assert policies.may_run(user, target) is allowed
    if allowed:
        assert actions.start_run(county=target, by=user).county == target
    else:
        with pytest.raises(NotAllowed):
            actions.start_run(county=target, by=user)
        assert not Job.objects.exists()


def test_queues_and_chips_count_what_they_list(finding):
    make.award(make.enrolment())
    make.poor_child(school=make.school(county=make.county("140221")))
    from datong_edu.crosschecks.engine import runner

    runner.run(as_of=AS_OF)
    clerk = make.user()
    seen = Finding.objects.visible_to(clerk)
    assert seen.chip_counts() == {"C01": 1, "C06": 1}
    counts = seen.queue_counts(AS_OF)
    assert counts["todo"] == seen.for_queue("todo", AS_OF).count() == 2
    assert counts["week"] == 2
    assert seen.overdue(date(2020, 12, 1)).count() == 2
    assert Finding.objects.whole_city().by_county() == {make.county().pk: 2, make.county("140221").pk: 1}
    assert seen.money_at_stake()["count"] == 2
