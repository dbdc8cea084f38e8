"""From matched sightings to exposure windows, and from windows to a level that can be explained."""
