"""What a backlog is: values only, no input, no output, no clock."""
