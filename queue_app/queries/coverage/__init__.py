"""The coverage of recording, and what the office itself has recorded since."""
