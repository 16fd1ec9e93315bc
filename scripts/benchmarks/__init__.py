"""The benchmark behind `scripts/bench`: paired ratios of the product and its peers, measured in one run."""
