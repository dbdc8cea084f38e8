"""Administrative units by date, and the places where people meet."""
