"""What is kept of payment, as pages and commands read it; each starts from the rows inside one's scope."""
