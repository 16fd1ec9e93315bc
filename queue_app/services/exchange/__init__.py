"""Take tables in that come from elsewhere, all of one or nothing."""
