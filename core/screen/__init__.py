"""Screening: many photos judged by many processes, into Parquet files and one report.

A room of its own above `core.files`, since nothing that is served needs it, nor what it brings: processes, locks,
addresses in clouds.
"""
