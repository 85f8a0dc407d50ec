"""Teach, calibrate and export the judge."""
