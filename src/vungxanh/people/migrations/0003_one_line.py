"""Devices of households and name keys were added side by side; from here there is one line again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_deviceholder"), ("people", "0002_name_key")]
    operations = []
