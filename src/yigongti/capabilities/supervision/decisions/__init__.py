"""What is judged without any store: detectors, recovery of money, drawing of inspections, misuse of standards."""
