"""What ties ideas to goals and to each other: statements, links, replicas."""
