"""One resident, one lifelong record: finding people, their timeline, and who looked at it."""
