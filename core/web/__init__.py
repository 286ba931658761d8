"""The browser's side: stream, overlay, badges, texts. The only part that imports Streamlit, or av for the web."""
