"""Secure selfie capture: one real, live, unobstructed face, taken by itself."""
