"""Keys to and from other countries: the batch protocol of the European federation gateway."""
