"""Attack species and genuine attempts, composed from any faces and clips, through the whole pipeline."""
