"""Schools, persons and enrolments, read only."""

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from datong_edu.accounts.roles import Permission
from datong_edu.core import clock
from datong_edu.registry.api.filters import EnrolmentFilters, PersonFilters, SchoolFilters
from datong_edu.registry.api.serializers import (
    EnrolmentSerializer,
    LookupSerializer,
    PersonSerializer,
    SchoolSerializer,
)
from datong_edu.registry.models import Enrolment, HardshipSpell, Person, PersonIdentifier, School
from datong_edu.web.api.filtering import refuse_unknown
from datong_edu.web.api.identifiers import ENROLMENT, SCHOOL
from datong_edu.web.api.problems import NOT_FOUND, Refusal
from datong_edu.web.api.views import ReadViewSet

READ = "read"
SEALED = ("id_no", "id_no_index", "name_grams", "name_key", "name_pinyin")
SEALED_OF_ENROLMENT = ("id_no", "student_no", "guardian_id", "phone", "guardian", "address")


class Schools(ReadViewSet):
    """学校."""

    model = School
    serializer_class = SchoolSerializer
    filterset_class = SchoolFilters
    public_id = SCHOOL
    token_scope = READ
    action_permissions = dict.fromkeys(("list", "retrieve"), Permission.VIEW_LEDGERS)
    told: ClassVar[dict[str, str]] = {"list": "本县区的学校。", "retrieve": "一所学校。"}

    def in_sight(self) -> QuerySet[Any]:
        """With the code of their county."""
        return super().in_sight().select_related("county")


class Persons(ReadViewSet):
    """人员; each reading is on record."""

    model = Person
    serializer_class = PersonSerializer
    filterset_class = PersonFilters
    token_scope = READ
    action_permissions = dict.fromkeys(("list", "retrieve", "lookup"), Permission.VIEW_PERSONS)
    quotas = {"lookup": "api_lookup"}
    refusals: ClassVar[dict[str, tuple[str, ...]]] = {"lookup": ("404", "409", "415")}
    told: ClassVar[dict[str, str]] = {
        "list": "本县区有学籍、户籍或其他记录的人员；每次读取留痕。",
        "retrieve": "一名人员；读取留痕。",
        "lookup": "按完整号码（现在的或以前的）查一名人员；号码对应多人时回答 409，列出候选人员。",
    }

    def in_sight(self) -> QuerySet[Any]:
        """With masked numbers and the categories of today, in two queries whatever the number of rows."""
        spells = HardshipSpell.objects.whole_city().active_on(clock.today()).filter(person=OuterRef("pk"))
        known = PersonIdentifier.objects.visible_to(self.client).defer("value").order_by("kind", "pk")
        return (
            super()
            .in_sight()
            .defer(*SEALED)
            .annotate(categories=ArraySubquery(spells.order_by("category").values("category").distinct()))
            .prefetch_related(Prefetch("identifiers", known, to_attr="seen_identifiers"))
        )

    def person_of(self, row: Any) -> Person:
        """The row itself."""
        found: Person = row
        return found

    @extend_schema(request=LookupSerializer, responses=PersonSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def lookup(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The one person of a number, which travels in the body and nowhere else."""
        refuse_unknown(request, set())
        asked = LookupSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        found = list(self.in_sight().holding(**asked.validated_data).order_by("pk")[:11])  # type: ignore[attr-defined]
        if not found:
            raise Refusal(NOT_FOUND.status, NOT_FOUND.code, NOT_FOUND.title, NOT_FOUND.detail)
        if len(found) > 1:
            raise Refusal(
                409,
                "ambiguous_identifier",
                "号码对应多名人员",
                "同一号码在不同记录中属于不同人员，请在平台上核对后按 candidates 中的 id 读取。",
                candidates=[str(person.uid) for person in found[:10]],
            )
        self.note_reading(found)
        return Response(self.get_serializer(found[0]).data)


class Enrolments(ReadViewSet):
    """学籍."""

    model = Enrolment
    serializer_class = EnrolmentSerializer
    filterset_class = EnrolmentFilters
    public_id = ENROLMENT
    token_scope = READ
    action_permissions = dict.fromkeys(("list", "retrieve"), Permission.VIEW_PERSONS)
    told: ClassVar[dict[str, str]] = {
        "list": "本县区学校的学籍，含已结束的；每次读取留痕。",
        "retrieve": "一条学籍；读取留痕。",
    }

    def in_sight(self) -> QuerySet[Any]:
        """With person, school and county; what is sealed stays behind."""
        sealed = [f"person__{name}" for name in SEALED]
        return (
            super()
            .in_sight()
            .select_related("person", "school", "county")
            .defer(*SEALED_OF_ENROLMENT, *sealed)
        )

    def person_of(self, row: Any) -> Person:
        """The pupil."""
        found: Person = row.person
        return found
