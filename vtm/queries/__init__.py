"""Questions about a backlog: a frozen answer and one pure function each."""
