"""Tests of Hourledger; they mirror the packages."""
