"""Requests about data, answered to whoever stands at the desk."""
