"""What models come to on samples and photos, counted and put in tables."""
