using System.IO.MemoryMappedFiles;

namespace Runstone.Client.Outbox;

/// <summary>A segment file mapped into memory. What is written there survives the end of the process, however it ends.</summary>
internal sealed unsafe class Segment : IDisposable
{
    private static readonly byte[] Zeros = new byte[1 << 16];

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private bool _disposed;

    private Segment(string path, MemoryMappedFile file, MemoryMappedFileAccess access, long length)
    {
        (Path, _file, Length) = (path, file, length);
        _view = file.CreateViewAccessor(0, length, access);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Start = pointer + _view.PointerOffset;
    }

    public string Path { get; private set; }

    public byte* Start { get; }

    public long Length { get; }

    /// <summary>
    /// Makes a file of zeros. They are written, not only promised: a full disk must show here, as an exception, and not when the
    /// mapped page is touched, as a signal that ends the process.
    /// </summary>
    public static Segment Create(string path, long length)
    {
        using (var handle = System.IO.File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, length))
        {
            for (long at = 0; at < length; at += Zeros.Length)
                RandomAccess.Write(handle, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, length - at)), at);
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
        return Map(path, stream, MemoryMappedFileAccess.ReadWrite);
    }

    /// <summary>Opens a segment for reading, also while it is being written; null when it is not there or too short to be one.</summary>
    public static Segment? OpenRead(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        if (stream.Length >= OutboxFormat.SegmentHeaderBytes)
            return Map(path, stream, MemoryMappedFileAccess.Read);
        stream.Dispose();
        return null;
    }

    /// <summary>Gives the file its final name.</summary>
    public void Rename(string path)
    {
        System.IO.File.Move(Path, path, overwrite: true);
        Path = path;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static Segment Map(string path, FileStream stream, MemoryMappedFileAccess access)
    {
        try
        {
            var length = stream.Length;
            return new Segment(path, MemoryMappedFile.CreateFromFile(stream, null, 0, access, HandleInheritability.None, leaveOpen: false), access, length);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
