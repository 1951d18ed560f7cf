"""Figures: matplotlib's figures as images in the output of cells."""
