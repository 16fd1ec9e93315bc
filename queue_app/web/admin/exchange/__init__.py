"""Tables taken in and taken away."""
