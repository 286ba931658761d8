"""Photos and clips from files or memory: decoded, judged, handed out."""
