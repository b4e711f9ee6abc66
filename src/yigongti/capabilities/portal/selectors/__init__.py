"""What the portal shows a person."""
