"""Pages of fund supervision: risk board, detectors, leads, recovery ledger, rule base, joint inspections."""
