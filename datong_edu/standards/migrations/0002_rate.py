"""What SQL rules join: the view `standards_rate` and the function `standards_number`.

A row of the view is a value with its key and days; ends (停止执行) are absent.  Join it for sets of people:

    JOIN standards_rate r ON r.key = 'CE_BOARD' AND r.stage = e.stage AND r.county_id IS NULL
     AND r.from_on <= t.starts_on AND (r.until_on IS NULL OR t.starts_on < r.until_on)

The function answers one question like `lookup.at`, county before city, narrow before wide, and NULL where the
narrowest value is an end:

    standards_number('CE_BOARD', t.starts_on, stage => e.stage, county => s.county_id)
"""

from django.db import migrations

FORWARD = """
CREATE VIEW standards_rate AS
SELECT v.id, s.key, s.value_type, v.scheme, v.stage, v.boarding, v.category, v.tier, v.county_id,
       v.number, v.text, v.from_on, v.until_on
  FROM standards_standardvalue v JOIN standards_standard s ON s.id = v.standard_id
 WHERE v.number IS NOT NULL OR v.text <> '';

CREATE FUNCTION standards_number(
    asked_key text, asked_on date, scheme text DEFAULT '', stage text DEFAULT '', boarding text DEFAULT '',
    category text DEFAULT '', tier text DEFAULT '', county bigint DEFAULT NULL
) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT v.number
      FROM standards_standardvalue v JOIN standards_standard s ON s.id = v.standard_id
     WHERE s.key = asked_key
       AND v.from_on <= asked_on AND (v.until_on IS NULL OR asked_on < v.until_on)
       AND (v.county_id IS NULL OR v.county_id = standards_number.county)
       AND v.scheme IN ('', standards_number.scheme)
       AND v.stage IN ('', standards_number.stage)
       AND v.boarding IN ('', standards_number.boarding)
       AND v.category IN ('', standards_number.category)
       AND v.tier IN ('', standards_number.tier)
     ORDER BY v.county_id IS NULL,
              (v.scheme <> '')::int + (v.stage <> '')::int + (v.boarding <> '')::int
              + (v.category <> '')::int + (v.tier <> '')::int DESC,
              v.scheme <> '' DESC, v.stage <> '' DESC, v.boarding <> '' DESC, v.category <> '' DESC
     LIMIT 1
$$;
"""

BACKWARD = """
DROP FUNCTION standards_number(text, date, text, text, text, text, text, bigint);
DROP VIEW standards_rate;
"""


class Migration(migrations.Migration):
    """View and function."""

    dependencies = [("standards", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
