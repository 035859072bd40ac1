"""Order of work: people, planted doubts, everybody else's money, then staff, meals and the dropout ledger."""

from datong_edu.demo.generator.aid import pay_everybody
from datong_edu.demo.generator.city import City
from datong_edu.demo.generator.plant_identity import plant_identity
from datong_edu.demo.generator.plant_missing import plant_missing
from datong_edu.demo.generator.plant_money import plant_money
from datong_edu.demo.generator.plant_status import plant_status
from datong_edu.demo.generator.population import people_the_city
from datong_edu.demo.generator.schoolwork import keep_dropout_ledger, report_meals, staff_schools


def build_city(*, students: int = 20_000, seed: int = 2020, terms: int = 1) -> City:
    """Builds the whole city in memory; the same arguments give the same city.

    `terms` is the number of earlier terms whose aid lines come with those of autumn 2020.
    Raises LookupError when there are too few pupils to plant every doubt (below about 2,500).
    """
    city = City(students=students, seed=seed, terms=terms)
    people_the_city(city)
    city.shuffle_deck()
    plant_money(city)
    plant_status(city)
    plant_missing(city)
    plant_identity(city)
    pay_everybody(city)
    staff_schools(city)
    report_meals(city)
    keep_dropout_ledger(city)
    return city
