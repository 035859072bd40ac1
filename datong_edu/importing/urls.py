"""Addresses of importing."""

from django.urls import path

from datong_edu.importing import large, views
from datong_edu.importing.mending import views as mending

app_name = "importing"

urlpatterns = [
    path("", views.History.as_view(), name="history"),
    path("new/", views.Upload.as_view(), name="upload"),
    path("template/<slug:kind>/", views.TemplateFile.as_view(), name="template"),
    path("<uuid:uid>/", views.BatchPage.as_view(), name="batch"),
    path("<uuid:uid>/mapping/", views.ConfirmMapping.as_view(), name="mapping"),
    path("<uuid:uid>/apply/", views.Apply.as_view(), name="apply"),
    path("<uuid:uid>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("<uuid:uid>/resume/", views.Resume.as_view(), name="resume"),
    path("<uuid:uid>/back/", views.StepBack.as_view(), name="back"),
    path("<uuid:uid>/undo/", views.TakeBack.as_view(), name="undo"),
    path("<uuid:uid>/undo/plan/", large.PlanTakeBack.as_view(), name="undo_plan"),
    path("<uuid:uid>/discard/", views.Discard.as_view(), name="discard"),
    path("<uuid:uid>/disappeared/", views.Disappeared.as_view(), name="disappeared"),
    path("answers/", mending.Answers.as_view(), name="answers"),
    path("<uuid:uid>/mend/", mending.MendRows.as_view(), name="mend"),
    path("<uuid:uid>/mends/", mending.Mends.as_view(), name="mends"),
    path("<uuid:uid>/cause/", mending.CausePage.as_view(), name="cause"),
    path("<uuid:uid>/rows/<int:seq>/", mending.Suggestions.as_view(), name="suggestions"),
    path("<uuid:uid>/rest/", mending.CarryOn.as_view(), name="rest"),
    path("<uuid:uid>/errors/", large.MarkedWorkbook.as_view(), name="errors"),
    path("<uuid:uid>/errors/prepare/", large.PrepareMarked.as_view(), name="errors_prepare"),
    path("<uuid:uid>/<slug:purpose>/stop/", large.StopPreparing.as_view(), name="stop_preparing"),
]
