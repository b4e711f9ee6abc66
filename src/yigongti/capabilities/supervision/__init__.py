"""Supervision of the insurance fund: declared detectors, leads with their evidence, handled to the end."""
