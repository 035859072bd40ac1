"""What the shell of every page needs, as one context variable `shell`."""

from typing import Any

from django.http import HttpRequest

from datong_edu.web.navigation import links_for
from datong_edu.web.preferences import choice_of, surroundings

PRODUCT = "大同市教育扶贫管理平台"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: product name, bar, person, terms and display preferences."""
    frame: dict[str, Any] = {
        "product": PRODUCT,
        "home": "/",
        "path": request.get_full_path(),
        "size": choice_of(request, "size"),
        "theme": choice_of(request, "theme"),
        "person": "",
        "unit": "",
        "roles": "",
        "entries": [],
        "terms": (),
        "term": None,
        "demo_on": None,
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        around = surroundings(request)
        frame |= {
            "entries": links_for(user),
            "person": str(user),
            "unit": _unit_name(user),
            "roles": user.role_labels,
            "terms": around.terms,
            "term": around.term,
            "demo_on": around.business_on,
        }
    return {"shell": frame}


def _unit_name(user: Any) -> str:
    """Name of the unit a user belongs to, from the offices already read when possible."""
    for grant in user.active_grants:
        if user.unit_id in (None, grant.unit_id):
            return str(grant.unit)
    return str(user.unit or "")
