"""Tests of Hourledger; they mirror the rooms."""
