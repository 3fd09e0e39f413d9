using System.Security.Cryptography;
using System.Text;
using Runstone.Client.Api;
using Runstone.Client.Outbox;
using Runstone.Client.Runs;
using Runstone.Protocol;

namespace Runstone.Client;

/// <content>Artifacts and datasets.</content>
public sealed partial class Run
{
    private const long CopyUpTo = 8 * 1024 * 1024;

    /// <summary>Logs a file as an artifact. Small files are copied during the call, large ones read later: see <paramref name="staging"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path in the run, with <c>/</c>; null for the file's name at the root.</param>
    /// <param name="staging">Whether the file is copied.</param>
    public void LogArtifact(string file, string? path = null, ArtifactStaging staging = ArtifactStaging.Auto)
    {
        try
        {
            var info = new FileInfo(file);
            if (Directory.Exists(file))
                LogArtifacts(file, path ?? info.Name, staging);
            else
                Stage(info, path ?? info.Name, staging);
        }
        catch (Exception e)
        {
            Unreadable(file, e);
        }
    }

    /// <summary>Logs all files below a folder, at every depth, under their relative paths.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">The folder in the run under which they go; null for the root.</param>
    /// <param name="staging">Whether files are copied.</param>
    public void LogArtifacts(string folder, string? path = null, ArtifactStaging staging = ArtifactStaging.Auto)
    {
        try
        {
            foreach (var (info, relative) in FolderFiles.Enumerate(folder))
                Stage(info, string.IsNullOrEmpty(path) ? relative : $"{path.TrimEnd('/')}/{relative}", staging);
        }
        catch (Exception e)
        {
            Unreadable(folder, e);
        }
    }

    /// <summary>Logs bytes as an artifact.</summary>
    /// <param name="path">Its path in the run, with <c>/</c>.</param>
    /// <param name="content">The content; copied during the call.</param>
    public void LogBytes(string path, ReadOnlySpan<byte> content)
    {
        if (CheckKey(path, nameof(LogBytes)))
            StageBytes(path, content);
    }

    private void StageBytes(string path, ReadOnlySpan<byte> content, MediaItemRequest? media = null)
    {
        if (_session.Folder is not { } folder)
            return;
        try
        {
            var name = NewStagedName(folder);
            using (var file = File.OpenHandle(folder.StagedPath(name), FileMode.CreateNew, FileAccess.Write))
                RandomAccess.Write(file, content, 0);
            WriteFile(new OutboxFile(path, null, name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), Now, media));
        }
        catch (Exception e)
        {
            Unreadable(path, e);
        }
    }

    /// <summary>Logs text as an artifact, in UTF-8.</summary>
    /// <param name="path">Its path in the run, with <c>/</c>; the extension decides how the page shows it.</param>
    /// <param name="text">The content.</param>
    public void LogText(string path, string text) => LogBytes(path, Encoding.UTF8.GetBytes(text ?? ""));

    /// <summary>Logs a stream as an artifact: it is copied to disk, from its position to its end, before the task completes.</summary>
    /// <param name="path">Its path in the run, with <c>/</c>.</param>
    /// <param name="content">The stream; it stays open.</param>
    /// <param name="cancellationToken">Ends the copying; nothing is logged then.</param>
    public async Task LogStreamAsync(string path, Stream content, CancellationToken cancellationToken = default)
    {
        if (!CheckKey(path, nameof(LogStreamAsync)) || content is null || _session.Folder is not { } folder)
            return;
        try
        {
            var name = NewStagedName(folder);
            await using var hashing = new HashingReadStream(content, onRead: null);
            await using (var file = new FileStream(folder.StagedPath(name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
                await hashing.CopyToAsync(file, cancellationToken);
            WriteFile(new OutboxFile(path, null, name, hashing.Position, hashing.Sha256(), Now));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Unreadable(path, e);
        }
    }

    /// <summary>
    /// Logs a file or folder that the run reads as a dataset version, named by the SHA-256 of its whole content
    /// (docs/formats/dataset-digest.md). The content itself is not uploaded.
    /// </summary>
    /// <param name="name">The dataset's name, 1 to 500 characters.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="context">What it is used for, for example <c>training</c>.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is logged then.</param>
    /// <returns>The dataset version; null when it could not be read, which is reported.</returns>
    public async Task<DatasetInfo?> LogDatasetAsync(string name, string path, string? context = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var dataset = await DatasetDigest.OfPathAsync(name, path, cancellationToken);
            LogDataset(dataset, context);
            return dataset;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Unreadable(path, e);
            return null;
        }
    }

    /// <summary>Logs a stream that the run reads as a dataset version, named by the SHA-256 of its bytes from its position to its end.</summary>
    /// <param name="name">The dataset's name, 1 to 500 characters.</param>
    /// <param name="content">The stream; it stays open.</param>
    /// <param name="source">Where it comes from, for example an address.</param>
    /// <param name="context">What it is used for, for example <c>training</c>.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is logged then.</param>
    /// <returns>The dataset version; null when it could not be read, which is reported.</returns>
    public async Task<DatasetInfo?> LogDatasetAsync(
        string name, Stream content, string source, string? context = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var dataset = await DatasetDigest.OfStreamAsync(name, content, source, cancellationToken);
            LogDataset(dataset, context);
            return dataset;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Unreadable(name, e);
            return null;
        }
    }

    /// <summary>Logs a dataset version that the caller describes.</summary>
    /// <param name="dataset">The dataset version.</param>
    /// <param name="context">What it is used for; kept as the tag <c>context</c> of this use.</param>
    public void LogDataset(DatasetInfo dataset, string? context = null)
    {
        if (dataset is null)
        {
            Ignore(DiagnosticCodes.InvalidCall, "LogDataset was called with null.");
            return;
        }

        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (context is not null)
            tags["context"] = context;
        Write(RecordType.Facts, new LogRequest { Inputs = [new DatasetInputInfo(dataset, tags)] }, RunstoneJson.Default.LogRequest);
    }

    private static string NewStagedName(OutboxFolder folder)
    {
        Directory.CreateDirectory(folder.FilesFolder);
        return RandomNumberGenerator.GetHexString(16, lowercase: true);
    }

    private void Stage(FileInfo info, string path, ArtifactStaging staging, MediaItemRequest? media = null)
    {
        if (_session.Folder is not { } folder)
            return;
        var modified = new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeMilliseconds();
        var size = info.Length;
        path = path.Replace('\\', '/');
        if (staging == ArtifactStaging.Reference || (staging == ArtifactStaging.Auto && size > CopyUpTo))
        {
            WriteFile(new OutboxFile(path, info.FullName, null, size, null, modified, media));
            return;
        }

        var name = NewStagedName(folder);
        info.CopyTo(folder.StagedPath(name));
        WriteFile(new OutboxFile(path, info.FullName, name, size, null, modified, media));
    }

    private void WriteFile(OutboxFile file) => Write(RecordType.File, file, OutboxJson.Default.OutboxFile);

    private void Unreadable(string what, Exception e) =>
        _session.Report(DiagnosticLevel.Error, DiagnosticCodes.FileUnreadable, $"'{what}' is not logged: {e.Message}", e);
}
