"""The ledger's judgements, pure: lights, the binding of indicators, deadlines, units, citations, differences."""
