"""Fields, checks and widgets that the forms share."""
