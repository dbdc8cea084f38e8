"""Exposed places stand in `places` from now on: one row for the warning and for the map."""

from django.db import migrations

MOVE = """
INSERT INTO places_exposedplace (place_id, start, "end", "case", advice, marked_by, marked_at, person_told,
    proposed_by, proposed_at, released_by, released_at, expires_at, withdrawn_at)
SELECT place_id, start, "end", "case", advice, marked_by, marked_at, false, NULL, NULL, NULL, NULL, NULL, withdrawn_at
FROM venues_exposed
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0002_exposedplace"), ("venues", "0005_rotating")]

    operations = [migrations.RunSQL(MOVE), migrations.DeleteModel(name="Exposed")]
