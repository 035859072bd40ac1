"""Base of every viewset: rows in sight of the client, each read on record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import pghistory
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from datong_edu.accounts.models import ApiClient, Unit, User
from datong_edu.accounts.roles import Permission
from datong_edu.core import audit
from datong_edu.web.api.identifiers import PublicId

API = "api"


class ApiViewSet(viewsets.GenericViewSet[Any]):
    """Rows of a scoped model; outside the client's county they do not exist.

    `action_permissions` declares what permission each action takes, `token_scope` the scope of its token;
    `quotas` names a further limit of dear actions, `refusals` and `told` what the OpenAPI file says of them.
    """

    action_permissions: ClassVar[Mapping[str, Permission]] = {}
    token_scope: ClassVar[str] = ""
    quotas: ClassVar[Mapping[str, str]] = {}
    refusals: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    told: ClassVar[Mapping[str, str]] = {}
    model: ClassVar[Any]
    lookup_field = "uid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    public_id: ClassVar[PublicId | None] = None
    headers_of_quota: Mapping[str, str] = {}

    @property
    def client(self) -> User:
        """The client's user."""
        user = self.request.user
        assert isinstance(user, User)
        return user

    @property
    def application(self) -> ApiClient:
        """The client as it was registered."""
        token: Any = self.request.auth
        found: ApiClient = token.application
        return found

    @property
    def county(self) -> Unit:
        """The client's county."""
        return self.application.unit

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After token, permission and quota: unknown names in `fields` are refused, rows or no rows."""
        super().initial(request, *args, **kwargs)
        if "fields" in request.query_params and self.action in ("list", "retrieve"):
            serializer: Any = self.get_serializer()
            serializer.get_fields()

    def get_queryset(self) -> QuerySet[Any]:
        """Rows that the client may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._base_manager.none()
        return self.in_sight()

    def in_sight(self) -> QuerySet[Any]:
        """Rows in sight, with the joins of their serializer."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.client)
        return rows

    def get_object(self) -> Any:
        """One row by its id."""
        rows = self.filter_queryset(self.get_queryset())
        wanted = self.kwargs["id"]
        if self.public_id is None:
            return get_object_or_404(rows, uid=wanted)
        return get_object_or_404(rows, pk=self.public_id.key(wanted))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Adds what is left of the client's quota."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.headers_of_quota.items():
            response[name] = value
        return response

    @contextmanager
    def deed(self) -> Iterator[None]:
        """History and audit of what is done inside say that it came by the API."""
        history = pghistory.context(user=self.client.pk, source=API, client=self.application.pk)
        with audit.written_from(API), history:
            yield


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """Lists and single rows.

    Every person read is named in the audit trail: a single one as the subject of its event, those of a page
    in one event for all.
    """

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        self.note_reading(page)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row."""
        row = self.get_object()
        self.note_reading([row])
        return Response(self.get_serializer(row).data)

    def note_reading(self, rows: Sequence[Any]) -> None:
        """Write down who was read, before anything is answered."""
        people = {person.pk: person for row in rows if (person := self.person_of(row)) is not None}
        if not people:
            return
        detail: dict[str, Any] = {"resource": self.basename}
        if self.action == "list":
            detail |= {"rows": len(rows), "persons": sorted(people)}
        audit.record(
            action="list_persons" if self.action == "list" else "read_person",
            by=self.client,
            subject=None if self.action == "list" else next(iter(people.values())),
            county=self.county,
            source=API,
            detail=detail,
        )

    def person_of(self, row: Any) -> Model | None:
        """The person a row is about, already read with it."""
        return None
