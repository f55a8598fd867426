"""Tests of the protector of tables."""
