"""Announcements, and the texts of messages: an office's own words."""
