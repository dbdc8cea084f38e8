"""Every text a machine can read: numbers, cards, zones, certificates, posters. Pure: no Django, no database."""
