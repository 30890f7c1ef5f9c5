"""Tests of the interactive map."""
