"""What is deployed: compose.yaml, the Dockerfile and what lies in deploy/."""
