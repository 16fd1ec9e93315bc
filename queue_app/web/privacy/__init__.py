"""Words for people's own data: the same for citizens and for staff."""
