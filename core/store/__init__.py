"""The attempt log: how attempts went, with no picture and nothing that tells who made them. Off unless switched on."""
