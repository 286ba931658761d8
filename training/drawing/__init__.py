"""What is drawn: things over a face, lids, skin tones, what a camera does. No torch here."""
