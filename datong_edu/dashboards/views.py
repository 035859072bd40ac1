"""The overview page."""

from typing import Any

from datong_edu.accounts.models import UnitKind
from datong_edu.accounts.roles import Permission
from datong_edu.core.models import Term
from datong_edu.dashboards.overview import Overview
from datong_edu.dashboards.reading import wall_for
from datong_edu.web.context import shell
from datong_edu.web.views import PortalPage

REFRESH_SECONDS = 300


class OverviewPage(PortalPage):
    """态势总览 of the counties in sight; `?screen=1` is the same page for the big screen."""

    template_name = "dashboards/overview.html"
    required_permission = Permission.VIEW_OVERVIEW
    nav = "dashboards:overview"

    @property
    def on_screen(self) -> bool:
        """Whether the page hangs on the wall."""
        return self.request.GET.get("screen") == "1"

    def get_template_names(self) -> list[str]:
        """The figures alone when the big screen asks again."""
        return [f"{self.template_name}#figures"] if self.is_fragment else [self.template_name]

    def get_title(self) -> str:
        """全市 or the county's own."""
        grants = self.user.active_grants
        is_city = any(grant.unit.kind == UnitKind.CITY for grant in grants)
        return "全市态势总览" if is_city or not grants else f"{grants[0].unit.name}态势总览"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures of the chosen term."""
        around = self.around
        context = super().get_context_data(**kwargs)
        context |= {"on_screen": self.on_screen, "refresh_seconds": REFRESH_SECONDS}
        if self.on_screen:
            context["shell"] = shell(self.request)["shell"] | {"theme": "dark", "size": "screen"}
        wall = wall_for(self.user, today=around.today) if around.term else None
        if wall is None or around.term is None or not wall.counties:
            return context | {"wall": None}
        labels = {term.code: _short(term) for term in around.terms}
        overview = Overview(wall, term=around.term, labels=labels, today=around.today)
        return context | {"wall": wall, "term": around.term} | overview.context()


def _short(term: Term) -> str:
    """2020 秋."""
    return f"{term.starts_on.year} {'秋' if term.code.endswith('1') else '春'}"
