"""The tables that an administrator may take away, and whom rows that come in are about."""
