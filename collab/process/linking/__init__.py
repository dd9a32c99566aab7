"""How ideas hang together: links, replicas, and who depends on whom."""
