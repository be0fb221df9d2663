"""Measuring Seinpost against a floor, in the same run on the same machine. Figures are reported, never asserted."""
