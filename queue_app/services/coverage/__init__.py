"""The coverage of recording in a regency, as an office takes it over."""
