"""Commands: sweep the facts, import the rule base, handle leads, draw inspections."""
