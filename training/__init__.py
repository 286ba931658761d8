"""How models/ came to be: compose, datasets, nets, train, evaluate, label. Not imported by the app."""
