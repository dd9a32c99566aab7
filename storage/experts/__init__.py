"""Queries of expert profiles and invitations."""
