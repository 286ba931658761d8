"""From photographs to samples of faces, for what covers a region and whether an eye is open. No torch here."""
