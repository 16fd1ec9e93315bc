"""Audit, messages, and the invariants of the whole database."""
