"""Versions of rules made in the browser: written as a draft, tried, put in force on a day, kept for ever."""
