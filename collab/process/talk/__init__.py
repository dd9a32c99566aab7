"""What people say beside the text: comments and where they are anchored."""
