"""The people of closed days who have to be telephoned."""
