"""What somebody does with a record beside reading it: asking for the identity, breaking the glass."""
