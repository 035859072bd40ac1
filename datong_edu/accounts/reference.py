"""Reference rows of accounts: the city, its present counties, and their former codes and names."""

from datong_edu.accounts.actions import service_account
from datong_edu.accounts.models import Unit, UnitAlias, UnitKind
from datong_edu.core.divisions import CITY_CODE, CITY_NAME, COUNTIES

WEAK_SCHOOL_COUNTIES = {
    "140226",
    "140224",
    "140223",
    "140215",
    "140225",
    "140221",
    "140222",
}
"""全面改薄 2014–2018: the six poverty counties and 左云县, which never was one."""


def load() -> str:
    """Bring the unit tree up to date.  Returns a line for the operator."""
    city, _ = Unit.objects.update_or_create(
        code=CITY_CODE,
        defaults={"name": CITY_NAME, "kind": UnitKind.CITY, "parent": None},
    )
    for county in COUNTIES:
        unit, _ = Unit.objects.update_or_create(
            code=county.code,
            defaults={
                "name": county.name,
                "kind": UnitKind.COUNTY,
                "parent": city,
                "is_poverty_county": county.is_poverty_county,
                "is_weak_school_county": county.code in WEAK_SCHOOL_COUNTIES,
            },
        )
        aliases = [UnitAlias(unit=unit, code=code) for code in county.former_codes]
        aliases += [UnitAlias(unit=unit, name=name) for name in (*county.former_names, *county.aliases)]
        UnitAlias.objects.bulk_create(aliases, ignore_conflicts=True)
    service_account()
    return f"县区 {len(COUNTIES)} 个，曾用代码与名称 {UnitAlias.objects.count()} 个"
