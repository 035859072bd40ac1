"""The verbs of the dropout ledger."""

from django.db import transaction

from datong_edu.accounts.models import User
from datong_edu.core import audit
from datong_edu.core.codes import DropoutType
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.crosschecks.engine.models import Finding
from dropout.enums import TRANSITIONS, CaseStatus
from dropout.models import DropoutCase
from dropout.policies import may_open_case


@transaction.atomic
def open_case(*, finding: Finding, by: User) -> DropoutCase:
    """Enter the child of a finding into the ledger as suspected; a closed line is opened again."""
    if not may_open_case(by, finding.county):
        raise PortalError("您没有登记该县区控辍台账的权限。")
    person = finding.person
    if person is None:
        raise PortalError("这个问题没有对应的人员，不能列入控辍台账。")
    case = DropoutCase.objects.whole_city().select_for_update(of=("self",)).filter(person=person).first()
    if case is None:
        case = DropoutCase.objects.create(
            person=person,
            county=finding.county,
            finding=finding,
            type=DropoutType.SUSPECTED,
            name=person.name,
            sex=person.sex,
            id_no=person.id_no,
            id_no_index=person.id_no_index,
            id_no_masked=person.id_no_masked,
            id_state=person.id_state,
        )
    elif case.status == CaseStatus.CLOSED:
        _set_status(case, CaseStatus.OPEN)
        case.finding, case.closed_on = finding, None
        case.save()
    else:
        raise Conflict("这名儿童已在控辍台账中。")
    audit.record(action="open_dropout_case", by=by, subject=case, county=case.county)
    return case


def _set_status(case: DropoutCase, status: CaseStatus) -> None:
    """The only writer of `status`; the database refuses an edge the table does not have."""
    if status not in TRANSITIONS[CaseStatus(case.status)]:
        raise Conflict("台账状态已经变化，请刷新页面。")
    case.status = status
