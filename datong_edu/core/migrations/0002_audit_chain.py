"""The audit chain: its functions, and the guards of the tables that hold it."""

from pathlib import Path

from django.db import migrations

CHAIN = (Path(__file__).parent / "chain.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Tables of events get their triggers after migrating (`core.apps`), whichever migration makes them."""

    dependencies = [("core", "0001_initial"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [migrations.RunSQL(CHAIN)]
