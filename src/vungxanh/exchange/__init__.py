"""Formats, not meanings: reads any table, writes tables, papers, maps and calendars. Pure: no Django."""
