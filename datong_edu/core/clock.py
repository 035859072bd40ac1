"""The portal's day.  Rules never ask for it; screens, deadlines and the nightly run do."""

from datetime import date, datetime, time

from django.utils import timezone

from datong_edu.core.models import PortalClock


def business_date() -> date | None:
    """The demo city's day, or None on a portal that lives in real time."""
    return PortalClock.objects.values_list("business_on", flat=True).first()


def today() -> date:
    """The day the portal works on, in Datong's time zone."""
    return business_date() or timezone.localdate()


def midnight() -> datetime:
    """When this day began in Datong; quotas of a day count from here, also on the demo city's."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def set_business_date(day: date) -> None:
    """Let the portal live on a fixed day; the demo city does this so that its term is the present one."""
    PortalClock.objects.update_or_create(id=1, defaults={"business_on": day})
