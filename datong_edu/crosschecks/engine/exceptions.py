"""Refusals of the cross-checks."""

from datong_edu.core.exceptions import Conflict, PortalError


class RunBusy(Conflict):
    """Another run works on the same findings."""

    def __init__(self) -> None:
        super().__init__("另一次比对正在进行，请等它结束后再发起（一般几分钟）。")


class NotAllowed(PortalError):
    """The user's offices do not allow this deed, or not on this finding."""


class UnknownRule(PortalError):
    """A rule code nobody registered."""
