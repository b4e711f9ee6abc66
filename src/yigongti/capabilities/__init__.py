"""One folder a capability; each has the same rooms, all optional. They meet only through each other's api."""
