"""Public ids of rows that have no `uid` column: the key inside a UUID of version 8 (RFC 9562).

An id is a name and no secret: what a client may see is decided by its scope.  A column of random UUIDs would
cost every imported enrolment one more unique index.
"""

from uuid import UUID

_VERSION, _VARIANT = 8 << 76, 2 << 62
_KEY_BITS, _TABLE_SHIFT = 62, 80


class PublicId:
    """Ids of one table; `number` is its own for ever and tells its ids from those of other tables."""

    def __init__(self, number: int) -> None:
        self._prefix = number << _TABLE_SHIFT | _VERSION | _VARIANT

    def of(self, key: int | None) -> UUID | None:
        """The id of a row's key."""
        return None if key is None else UUID(int=self._prefix | key)

    def key(self, public: UUID) -> int | None:
        """The key inside an id; None when it is no id of this table."""
        key = public.int & ((1 << _KEY_BITS) - 1)
        return key if public.int == self._prefix | key else None


SCHOOL = PublicId(1)
ENROLMENT = PublicId(2)
