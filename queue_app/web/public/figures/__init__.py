"""Figures of an office that anybody may see."""
