"""Refused rows: kept whole and unchanged, listed, exported to be mended, settled when their mended row loads."""
