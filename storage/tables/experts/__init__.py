"""Tables of expert profiles and invitations."""
