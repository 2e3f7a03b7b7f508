"""How the child answers questions, one file a topic; all that is heavy is imported when it is asked for."""
