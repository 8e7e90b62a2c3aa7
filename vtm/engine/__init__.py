"""What happens, in the order it must: under the lock, judged first, written whole."""
