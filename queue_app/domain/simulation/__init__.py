"""A day of an office, played through with dice: how long people wait, and when the last one leaves."""
