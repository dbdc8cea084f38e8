"""Exposed places stand in `places` from now on: one row for the warning and for the map."""

from django.db import migrations

MOVE = """
INSERT INTO places_exposedplace (place_id, start, "end", "case", advice, marked_by, marked_at, person_told,
    proposed_by, proposed_at, released_by, released_at, expires_at, withdrawn_at)
SELECT place_id, start, "end", '', advice, proposed_by, proposed_at, person_told, proposed_by, proposed_at, released_by, released_at, expires_at, withdrawn_at
FROM safetymap_exposedplace
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0002_exposedplace"), ("safetymap", "0001_initial")]

    operations = [migrations.RunSQL(MOVE), migrations.DeleteModel(name="ExposedPlace")]
