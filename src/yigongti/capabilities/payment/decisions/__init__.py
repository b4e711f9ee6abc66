"""Pure judgements on money: what a case is paid as, and what a budget comes to."""
