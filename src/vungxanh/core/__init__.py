"""What every part needs and none of them owns: errors, ids, minutes, where state lives."""
