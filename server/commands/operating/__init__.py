"""Commands of operators: backups, and whether all is well."""
