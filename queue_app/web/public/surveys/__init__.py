"""The survey, from the ticket of whoever was served; its published results are on the page of openness."""
