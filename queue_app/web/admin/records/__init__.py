"""The audit log, the messages, and reports."""
