"""A run: choose, claim, let an agent work, take what comes of it, bring it home, and choose again."""
