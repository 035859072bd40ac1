"""Addresses of importing."""

from django.urls import path

from datong_edu.importing import views

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
    path("<uuid:uid>/discard/", views.Discard.as_view(), name="discard"),
    path("<uuid:uid>/disappeared/", views.Disappeared.as_view(), name="disappeared"),
    path("<uuid:uid>/errors/", views.ErrorWorkbook.as_view(), name="errors"),
]
