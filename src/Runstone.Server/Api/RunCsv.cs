using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Server.Api;

/// <summary>Tables of runs as comma-separated values (RFC 4180), from the cells to the wire.</summary>
internal static class RunCsv
{
    public const string MediaType = "text/csv";

    private const int FlushBytes = 1 << 16;
    private const int NumberBytes = 32;

    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    /// <param name="output">Where the bytes go.</param>
    /// <param name="names">The header.</param>
    /// <param name="fields">What the columns are.</param>
    /// <param name="reading">Stands on the first stretch.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WriteAsync(
        PipeWriter output, string[] names, IReadOnlyList<Field> fields, IAsyncEnumerator<RunTable> reading, CancellationToken cancellationToken)
    {
        var areTimes = fields.Select(RunExportEndpoint.IsTime).ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            Separate(output, i);
            WriteText(output, Encoding.UTF8.GetBytes(names[i]));
        }

        output.Write("\r\n"u8);
        do
        {
            var table = reading.Current;
            for (var row = 0; row < table.Ids.Count; row++)
            {
                WriteRow(output, table, row, areTimes);
                if (output.UnflushedBytes >= FlushBytes)
                    await output.FlushAsync(cancellationToken);
            }
        }
        while (await reading.MoveNextAsync());
        await output.FlushAsync(cancellationToken);
    }

    private static void WriteRow(PipeWriter output, RunTable table, int row, bool[] areTimes)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            Separate(output, i);
            if (!table.Columns[i].Has(row))
                continue;
            if (table.Columns[i] is TextColumn texts)
                WriteText(output, texts[row]);
            else
                WriteNumber(output, ((NumberColumn)table.Columns[i])[row], areTimes[i]);
        }

        output.Write("\r\n"u8);
    }

    private static void Separate(PipeWriter output, int column)
    {
        if (column > 0)
            output.Write(","u8);
    }

    private static void WriteNumber(PipeWriter output, double number, bool isTime)
    {
        var span = output.GetSpan(NumberBytes);
        int written;
        if (isTime && RunExportEndpoint.Time(number) is { } time)
            time.TryFormat(span, out written, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        else
            number.TryFormat(span, out written, "R", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>An empty text is quoted, to tell it from none.</summary>
    private static void WriteText(PipeWriter output, ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text.IndexOfAny(Special) < 0)
        {
            output.Write(text);
            return;
        }

        output.Write("\""u8);
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            output.Write(text[..(quote + 1)]);
            output.Write("\""u8);
            text = text[(quote + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }
}
