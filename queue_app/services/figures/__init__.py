"""Figures of finished days: counted, stored, and counted again."""
