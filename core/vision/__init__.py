"""One frame in, one reading out. Knows no time beyond the frame's own stamp, and no Streamlit."""
