"""Room 4: declarations of people entering the country."""
