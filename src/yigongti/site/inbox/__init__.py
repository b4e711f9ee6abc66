"""The inbox: what happened and what waits for somebody, unread first in mind, read on opening."""
