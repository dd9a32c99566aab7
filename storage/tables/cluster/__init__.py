"""Tables that the processes of one Arena share."""
