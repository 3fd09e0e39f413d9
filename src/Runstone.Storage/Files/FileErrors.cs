using Runstone.Core.Errors;

namespace Runstone.Storage.Files;

/// <summary>What a failure of the file system means to a caller.</summary>
internal static class FileErrors
{
    private const int NoSpaceUnix = 28;
    private const int QuotaUnix = 122;
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);
    private const int DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>The error when the disk or quota is full; null for anything else, which may well be the sender's connection.</summary>
    public static Error? Describe(IOException exception, string path) =>
        exception.HResult is NoSpaceUnix or QuotaUnix or HandleDiskFullWindows or DiskFullWindows
            ? new Error(ErrorCode.StorageFull, $"The disk that holds '{path}' is full; nothing of the file was kept. Free some space and send it again.")
            : null;
}
