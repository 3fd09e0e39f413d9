using System.Runtime.CompilerServices;
using System.Text.Json;
using Runstone.Cli.Commands.Runs;
using Runstone.Cli.Output;
using Runstone.Protocol;

namespace Runstone.Cli.Export;

/// <summary>Runs as rows of a CSV file.</summary>
internal static class RunsCsv
{
    /// <summary>Writes the given columns while the runs arrive; without columns, all that any of the runs has.</summary>
    public static async Task WriteAsync(
        IAsyncEnumerable<RunRow> runs, IReadOnlyList<RunField>? fields, TextWriter writer, CancellationToken cancellationToken)
    {
        if (fields is not null)
        {
            await WriteRowsAsync(runs, fields, writer, cancellationToken);
            return;
        }

        // The header names the columns of all runs, so the runs wait on disk until the last one is there.
        await using var spool = OpenSpool();
        var keys = new RunKeys();
        await foreach (var run in runs.WithCancellation(cancellationToken))
        {
            keys.Add(run);
            await JsonSerializer.SerializeAsync(spool, run, RunstoneJson.Default.RunRow, cancellationToken);
            spool.WriteByte((byte)'\n');
        }

        spool.Position = 0;
        await WriteRowsAsync(ReadSpoolAsync(spool, cancellationToken), [.. RunField.AllAttributes, .. keys.Fields(tags: true)], writer, cancellationToken);
    }

    private static async Task WriteRowsAsync(
        IAsyncEnumerable<RunRow> runs, IReadOnlyList<RunField> fields, TextWriter writer, CancellationToken cancellationToken)
    {
        await CsvText.WriteRowAsync(writer, fields.Select(f => f.Title));
        await foreach (var run in runs.WithCancellation(cancellationToken))
            await CsvText.WriteRowAsync(writer, fields.Select(f => f.Exact(run)));
    }

    private static FileStream OpenSpool() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
        FileOptions.DeleteOnClose);

    private static async IAsyncEnumerable<RunRow> ReadSpoolAsync(Stream spool, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(spool, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonSerializer.Deserialize(line, RunstoneJson.Default.RunRow)!;
    }
}
