"""Where live text and official acts meet: what came late, why it was decided, taking it back."""
