"""Who read or changed what: a hash chain per shard, verified by a command."""
