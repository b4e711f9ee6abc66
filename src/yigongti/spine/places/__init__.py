"""Places and institutions: who is where, which consortium and zone."""
