namespace Runstone.Storage.Administration;

/// <summary>A database file that was written anew without the pages that it does not use.</summary>
/// <param name="File">The file.</param>
/// <param name="BytesBefore">Its length before.</param>
/// <param name="BytesAfter">Its length now.</param>
public sealed record CompactReport(string File, long BytesBefore, long BytesAfter);
