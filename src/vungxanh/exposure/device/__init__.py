"""A node that meets others over Bluetooth: it sends, listens, remembers sealed, fetches, judges and warns."""
