"""Every address of the portal, its parameters filled with values that fit their kind and name nothing."""

import re

from datong_edu.web import doors

VALUES = {"int": "1", "str": "1", "slug": "a", "uuid": "00000000-0000-0000-0000-000000000000", "path": "a"}


def addresses() -> list[str]:
    """All of them, as the resolver has them."""
    return [filled(route) for route, _ in doors.routes()]


def filled(route: str) -> str:
    """`people/<uuid:uid>/` -> `people/0000…/`; regular expressions of the administration lose their marks."""
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda match: VALUES.get(match[1] or "str", "1"), route)
    return re.sub(r"\(\?P.*?\)|[\^$]|\\Z", "a", plain) if "(?P" in plain else plain.replace("\\Z", "")
