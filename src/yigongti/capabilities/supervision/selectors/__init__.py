"""Findings, leads and money as people look for them, each inside the reader's scope."""
