"""What follows from the dependencies alone, in time linear in tasks and edges."""
