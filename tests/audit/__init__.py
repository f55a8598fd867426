"""Tests of the attacker."""
