"""WebRTC: the camera's frames in, outlines as numbers out. The only room that knows aiortc."""
