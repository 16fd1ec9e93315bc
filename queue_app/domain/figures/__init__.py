"""Figures that an office can defend: how each is counted from what happened (`docs/rules.md` R-FIGURES-1 and on)."""
