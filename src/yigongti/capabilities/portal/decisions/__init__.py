"""The portal's judgements, pure."""
