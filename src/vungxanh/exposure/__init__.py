"""Room 1: Bluetooth exposure notification, from the radio to the warning.

`codec`, `matching`, `risk` and `device` know no Django and no database; the rest of the room is the server.
"""
