"""How models/ came to be; the app imports none of it. The files here are commands, the rooms below hold what they use.

A room knows only those named after it: networks (train, export), figures (measure), scenes (people and attacks before a
camera), faces (samples of faces), drawing (what is laid over a face).
"""
