"""The indicators read aloud: one row at a time, in plain Python, with no thought for speed.

The yardstick for the fused runner.  Declarations (conditions, tallies, arithmetic) are the product's own; how rows
come from the fact tables, how they are grouped and how the numbers come together is written here a second time, in
loops, and shares no code with the product.
"""
