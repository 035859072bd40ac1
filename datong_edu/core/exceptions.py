"""Errors whose message a clerk may read: Chinese, what is wrong and what to do, never a number in clear."""


class PortalError(Exception):
    """A refusal the portal explains to its user; `message` is a Chinese sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RefusedFile(PortalError):
    """A file that is not read at all; `reason_key` is its stable machine name, e.g. ENCRYPTED."""

    def __init__(self, reason_key: str, message: str) -> None:
        super().__init__(message)
        self.reason_key = reason_key


class Conflict(PortalError):
    """The thing was changed or already done by somebody else; the user should look again."""


class ScopeRequired(RuntimeError):
    """A programming error: personal rows were asked for without saying for whom."""
