"""Calls of a client are counted in PostgreSQL, by minute and by day."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from datong_edu.web import limits


class Quota(BaseThrottle):
    """One use of `api_call` for each call; dear actions name another limit besides in `quotas`."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count; a full window raises, and the refusal says how long to wait."""
        if request.auth is None:
            return True  # refused already, as having no token
        spent = limits.spend("api_call", request.user.pk)
        further = view.quotas.get(view.action)
        if further is not None:
            spent = min(spent, limits.spend(further, request.user.pk), key=lambda one: one.left)
        view.headers_of_quota = {"RateLimit-Limit": str(spent.limit), "RateLimit-Remaining": str(spent.left)}
        return True
