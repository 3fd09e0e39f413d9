namespace Runstone.Cli.Errors;

/// <summary>Whoever read standard output has enough, as <c>head</c> does.</summary>
internal sealed class OutputClosedException(Exception inner) : Exception("Standard output is closed.", inner);
