"""Lets people, kiosks and programs in, each by the rule of the view."""
