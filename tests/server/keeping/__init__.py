"""What an operator rests on: backups, upgrades without a pause, refusals that help."""
