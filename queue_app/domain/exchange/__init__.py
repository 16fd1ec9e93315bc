"""Tables that come from elsewhere: their columns, and what people and spreadsheets write into cells."""
