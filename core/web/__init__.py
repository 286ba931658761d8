"""What the pages are drawn with: widgets, HTML and words. Drawing only."""
