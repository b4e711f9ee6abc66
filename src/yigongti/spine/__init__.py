"""The few shared Django apps: places and institutions, people, record, access, audit, cases."""
