"""Hostile files, each built when a test asks for it, with what may become of it.

A file is refused with one of the keys named, or read: then every row of it is stored as text or has a reason
of its own.
"""

from tests.importing.hostile import archives, documents, sheets
from tests.importing.hostile.base import FILES, READ, Hostile, good
from tests.importing.hostile.documents import truncated

__all__ = ["FILES", "READ", "Hostile", "archives", "documents", "good", "sheets", "truncated"]
