namespace Runstone.Storage.Sql.Consoles;

/// <summary>How long the console of a run is, what earlier batches of the group appended included.</summary>
internal readonly record struct ConsoleSize(long Lines, long Bytes);
