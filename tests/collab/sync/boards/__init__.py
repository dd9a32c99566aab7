"""Boards: schema 2, reading and writing."""
