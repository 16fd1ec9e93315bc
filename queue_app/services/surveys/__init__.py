"""The satisfaction survey: one answer for each visit, and what an office does about the remarks."""
