"""What the API tells of schools, persons and enrolments: numbers masked, values under national codes."""

from typing import Any

from rest_framework import serializers

from datong_edu.core import national
from datong_edu.core.codes import Category
from datong_edu.registry.enums import IdentifierKind
from datong_edu.registry.models import Enrolment, Person, School
from datong_edu.web.api.identifiers import ENROLMENT, SCHOOL
from datong_edu.web.api.serializing import ChosenFields, CodeField, PublicIdField


class SchoolSerializer(ChosenFields):
    """学校."""

    id = PublicIdField(SCHOOL, source="pk")
    county_code = serializers.CharField(source="county.code", help_text="GB/T 2260 县区代码")

    class Meta:
        model = School
        fields = (
            "id", "code", "name", "county_code", "town", "kind", "seat", "ownership", "has_dormitory",
            "schooling", "enrolled", "staff", "closed_on",
        )  # fmt: skip


class IdentifierSerializer(serializers.Serializer[Any]):
    """号码，遮蔽后."""

    kind = serializers.ChoiceField(choices=IdentifierKind.choices, help_text="号码种类")
    value_masked = serializers.CharField(help_text="遮蔽后的号码")
    since_on = serializers.DateField(allow_null=True)
    until_on = serializers.DateField(allow_null=True)


class PersonSerializer(ChosenFields):
    """人员."""

    id = serializers.UUIDField(source="uid")
    sex = CodeField(national.SEX, help_text="GB/T 2261.1：0 未知，1 男，2 女")
    identifiers = IdentifierSerializer(source="seen_identifiers", many=True, help_text="现在和以前的号码")
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=Category.choices), help_text="今天有效的困难类别"
    )

    class Meta:
        model = Person
        fields = ("id", "name", "sex", "birth_on", "id_no_masked", "id_state", "identifiers", "categories")
        extra_kwargs = {"id_state": {"help_text": "身份证号校验结果"}}


class EnrolmentSerializer(ChosenFields):
    """学籍."""

    id = PublicIdField(ENROLMENT, source="pk")
    person_id = serializers.UUIDField(source="person.uid")
    school_id = PublicIdField(SCHOOL)
    school_code = serializers.CharField(source="school.code", help_text="学校标识码")
    county_code = serializers.CharField(source="county.code", help_text="GB/T 2260 县区代码")
    id_type = CodeField(national.ID_TYPE, help_text="身份证件类型代码")
    sex = CodeField(national.SEX, help_text="GB/T 2261.1：0 未知，1 男，2 女")
    nation = CodeField(national.NATION, help_text="GB/T 3304 民族代码，两位数字")
    boarding = CodeField(national.BOARDING, help_text="就读方式：1 走读，2 住校")
    status = CodeField(national.ENROLMENT_STATUS, help_text="学生当前状态代码，01 为在读")
    status_event = CodeField(national.MOVEMENT, help_text="学籍异动类别，JY/T 1001")

    class Meta:
        model = Enrolment
        fields = (
            "id", "person_id", "school_id", "school_code", "county_code", "student_no_masked", "id_type",
            "id_no_masked", "id_state", "name", "sex", "birth_on", "nation", "stage", "grade", "class_no",
            "enrol_month", "boarding", "status", "status_event", "status_on", "since_on", "until_on",
        )  # fmt: skip


class LookupSerializer(serializers.Serializer[Any]):
    """按完整号码查人."""

    number = serializers.CharField(
        min_length=8, max_length=40, write_only=True, help_text="完整的身份证号、学籍号或残疾人证号"
    )
    kind = serializers.ChoiceField(
        choices=IdentifierKind.choices, required=False, write_only=True, help_text="号码种类；不写则都查"
    )
