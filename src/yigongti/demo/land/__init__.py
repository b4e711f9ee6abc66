"""Where the county is and what stands there: places, institutions, and which of them is whose."""
