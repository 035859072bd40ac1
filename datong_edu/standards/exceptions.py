"""Refusals of this room."""

from datong_edu.core.exceptions import PortalError


class StandardsError(PortalError):
    """A parameter file, a new value or a question about a standard that cannot be accepted."""
