"""Addresses of the desk."""

from django.urls import path

from datong_edu.desk.views.audit import AuditChange, AuditChanges, AuditList
from datong_edu.desk.views.compare import Compare, Compared, FetchCompared, ForgetCompared
from datong_edu.desk.views.finding import FindingDeed, FindingDetail
from datong_edu.desk.views.findings import BulkDeed, FindingList
from datong_edu.desk.views.home import Home, StartRun
from datong_edu.desk.views.number_exports import (
    DecideNumbers,
    FetchNumbers,
    NumberExports,
    RequestNumbers,
    ShowPassword,
)
from datong_edu.desk.views.people import PeopleList
from datong_edu.desk.views.person import PersonFile
from datong_edu.desk.views.reveal import RevealNumber

app_name = "desk"
urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("run/", StartRun.as_view(), name="run"),
    path("findings/", FindingList.as_view(), name="findings"),
    path("findings/bulk/", BulkDeed.as_view(), name="bulk"),
    path("findings/<uuid:uid>/", FindingDetail.as_view(), name="finding"),
    path("findings/<uuid:uid>/deed/", FindingDeed.as_view(), name="deed"),
    path("compare/", Compare.as_view(), name="compare"),
    path("compare/<uuid:uid>/", Compared.as_view(), name="compared"),
    path("compare/<uuid:uid>/file/", FetchCompared.as_view(), name="compared-file"),
    path("compare/<uuid:uid>/delete/", ForgetCompared.as_view(), name="compared-delete"),
    path("numbers/", NumberExports.as_view(), name="number-exports"),
    path("numbers/request/", RequestNumbers.as_view(), name="number-export-request"),
    path("numbers/<uuid:uid>/", DecideNumbers.as_view(), name="number-export-decide"),
    path("numbers/<uuid:uid>/password/", ShowPassword.as_view(), name="number-export-password"),
    path("numbers/<uuid:uid>/file/", FetchNumbers.as_view(), name="number-export-file"),
    path("audit/", AuditList.as_view(), name="audit"),
    path("audit/changes/", AuditChanges.as_view(), name="audit-changes"),
    path("audit/changes/<int:number>/<int:place>/", AuditChange.as_view(), name="audit-change"),
    path("people/", PeopleList.as_view(), name="people"),
    path("people/<uuid:uid>/", PersonFile.as_view(), name="person"),
    path("people/<uuid:uid>/number/", RevealNumber.as_view(), name="reveal"),
]
