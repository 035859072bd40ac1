"""Questions that rows of several rooms answer together: where a person is taught, and what is open."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from datong_edu.accounts.models import User
from datong_edu.crosschecks.engine.models import Finding
from datong_edu.registry.models import Enrolment, HardshipSpell, Person

SEALED_OF_PERSON = ("id_no", "id_no_index", "name_grams", "name_key", "name_pinyin")


def place_of(user: User, person_path: str) -> Subquery:
    """Stage, grade, class, boarding and school of the latest registry row of today within sight."""
    rows = Enrolment.objects.visible_to(user).current().filter(person=OuterRef(person_path))
    told = JSONObject(
        stage="stage",
        grade="grade",
        class_no="class_no",
        boarding="boarding",
        school="school__name",
        school_code="school__code",
        student_no="student_no_masked",
    )
    return Subquery(rows.order_by("-since_on", "-pk").values(told=told)[:1])


def findings_seen_by(user: User) -> Any:
    """Findings in sight with whom and where they are about; without their evidence."""
    rows = Finding.objects.visible_to(user)
    hidden = [f"person__{name}" for name in SEALED_OF_PERSON]
    return (
        rows.select_related("person", "school", "county", "assigned_to")
        .defer("evidence", *hidden)
        .annotate(place=place_of(user, "person"))
    )


def people_seen_by(user: User, today: Any) -> QuerySet[Any]:
    """People in sight with place, hardship categories of today and number of open findings.

    Categories count wherever they were stated: a pupil keeps them on crossing a county's border.
    """
    rows: QuerySet[Any] = Person.objects.visible_to(user)
    spells = HardshipSpell.objects.whole_city().active_on(today).filter(person=OuterRef("pk"))
    doubts = Finding.objects.visible_to(user).open().filter(person=OuterRef("pk")).order_by()
    counted = doubts.values("person").annotate(n=Count("pk")).values("n")
    return rows.defer(*SEALED_OF_PERSON).annotate(
        place=place_of(user, "pk"),
        categories=ArraySubquery(spells.order_by("category").values("category").distinct()),
        open_findings=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )
