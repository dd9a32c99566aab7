"""Several nodes on real servers, and what becomes of promises while parts of them die."""
