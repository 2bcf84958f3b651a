namespace Grid.Server;

/// <summary>The caller can mend this: the message says what is wrong and what to do. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
