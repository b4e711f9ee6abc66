"""Who read or changed what: a hash chain per shard with anchors (`trail.record`, `trail.verify`)."""
