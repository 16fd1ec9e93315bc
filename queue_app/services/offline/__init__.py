"""What devices did while the connection was cut, taken over afterwards."""
