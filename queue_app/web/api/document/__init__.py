"""The published description: schemas that validate, operations that are routed, the page that shows them."""
