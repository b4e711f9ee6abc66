"""The administrator's accounts and the auditor's trail."""
