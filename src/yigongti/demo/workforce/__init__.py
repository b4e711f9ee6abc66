"""Who works where, who is posted to whom, and what they are paid."""
