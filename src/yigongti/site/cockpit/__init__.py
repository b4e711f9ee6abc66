"""The cockpit: what the county, a consortium or an institution sees first."""
