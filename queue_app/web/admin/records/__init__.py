"""The audit log and the messages."""
