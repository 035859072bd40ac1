"""Plain-Python planter of an invented Datong.

Nothing here imports rules, standards, cleaners or code tables of the portal: the city knows the law by
its own constants, so that a mistake in a rule cannot be repeated in the answer key that marks it.
"""

from datong_edu.demo.generator.build import build_city
from datong_edu.demo.generator.city import AS_OF, TERM, City
from datong_edu.demo.generator.rosters import Roster, rosters_of, write_city

__all__ = ["AS_OF", "TERM", "City", "Roster", "build_city", "rosters_of", "write_city"]
