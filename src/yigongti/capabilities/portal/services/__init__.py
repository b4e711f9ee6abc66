"""The portal's commands, each one transaction."""
