"""What comes of a camera's picture: sizes, seconds and freezes, in a real browser over real links."""
