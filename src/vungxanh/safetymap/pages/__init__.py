"""Pages: for everybody (`public`), for the keeper of a place (`assessing`), for officers (`desk`)."""
