"""Tests, a folder per room; rooms may share names, so nothing is imported by a bare module name."""
