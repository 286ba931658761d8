"""WebRTC: the camera's frames in, the preview out. The only room that knows aiortc."""
