"""查看完整号码: one number of one file, for a reason, on record before it is seen."""

from typing import Any

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property

from datong_edu.accounts.roles import Permission
from datong_edu.desk.facts import PersonFacts
from datong_edu.desk.forms import RevealForm
from datong_edu.desk.sealed_numbers import numbers_of
from datong_edu.desk.views.person import county_of_reading
from datong_edu.registry import reveals
from datong_edu.registry.models import Person
from datong_edu.web.confirming import NeedsConfirmation
from datong_edu.web.views import PortalFormView


class RevealNumber(NeedsConfirmation, PortalFormView):
    """GET asks which number and why; only POST shows it, and nothing keeps the answer."""

    form_class = RevealForm
    template_name = "desk/reveal.html"
    title = "查看完整号码"
    nav = "desk:people"
    required_permission = Permission.REVEAL_NUMBER

    @cached_property
    def facts(self) -> PersonFacts:
        """Whom it is about; a person out of sight does not exist."""
        person = get_object_or_404(Person.objects.visible_to(self.user), uid=self.kwargs["uid"])
        return PersonFacts(person, self.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Numbers on offer."""
        return super().get_form_kwargs() | {"numbers": numbers_of(self.facts)}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """The number, on a page of its own."""
        chosen = form.cleaned_data["number"]
        number = next(one for one in numbers_of(self.facts) if one.key == chosen)
        plain = reveals.reveal_number(
            person=self.facts.person,
            number=number,
            reason=form.cleaned_data["reason"],
            county=county_of_reading(self.facts),
            by=self.user,
        )
        context = self.get_context_data(form=form, number=number, plain=plain)
        response = render(self.request, "desk/revealed.html", context)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose number, and how many more today."""
        person = self.facts.person
        return super().get_context_data(
            **{
                "person": person,
                "file": reverse("desk:person", args=[person.uid]),
                "quota": settings.REVEALS_PER_DAY,
                "left": reveals.left_today(self.user),
                **kwargs,
            }
        )
