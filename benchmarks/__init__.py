"""Speed and memory as ratios in one run; by hand (`make bench`), never in the tests."""
