"""Whole scenes before a camera, people and presentation attacks, for the look for screens and prints. No torch."""
