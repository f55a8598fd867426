"""Tests of the door between the vault and a release."""
