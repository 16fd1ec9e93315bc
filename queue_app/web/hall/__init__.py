"""The hall in words and plain values, for displays, telephones and counters."""
