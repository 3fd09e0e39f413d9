using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Parquet;
using Parquet.Schema;
using Runstone.Core.Runs;
using Field = Runstone.Core.Query.Field;

namespace Runstone.Server.Api;

/// <summary>Tables of runs as a Parquet file: a row group a stretch.</summary>
internal static class RunParquet
{
    public const string MediaType = "application/vnd.apache.parquet";

    /// <param name="output">Where the bytes go.</param>
    /// <param name="names">Names of the columns.</param>
    /// <param name="fields">What they are.</param>
    /// <param name="reading">Stands on the first stretch.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task WriteAsync(
        PipeWriter output, string[] names, IReadOnlyList<Field> fields, IAsyncEnumerator<RunTable> reading, CancellationToken cancellationToken)
    {
        var columns = names.Select((name, i) => ToColumn(name, fields[i])).ToArray();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        await using var stream = new ResponsePipeStream(output);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns), stream, options, append: false, cancellationToken);
        do
        {
            if (reading.Current.Ids.Count == 0)
                continue;
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < columns.Length; i++)
            {
                await WriteAsync(group, columns[i], reading.Current.Columns[i], cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }
        while (await reading.MoveNextAsync());
    }

    private static DataField ToColumn(string name, Field field) => field switch
    {
        _ when RunExportEndpoint.IsTime(field) => new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: true),
        _ when RunExportEndpoint.IsWhole(field) => new DataField<long?>(name),
        _ when Core.Query.RunColumnFields.IsNumber(field) => new DataField<double?>(name),
        _ => new DataField(name, typeof(string), isNullable: true),
    };

    private static async Task WriteAsync(ParquetRowGroupWriter group, DataField column, RunTableColumn cells, CancellationToken cancellationToken)
    {
        if (cells is TextColumn texts)
            await group.WriteAsync(column, Cells(cells, row => Encoding.UTF8.GetString(texts[row])));
        else if (column is DateTimeDataField)
            await group.WriteAsync<DateTime>(column, Cells(cells, row => RunExportEndpoint.Time(((NumberColumn)cells)[row])), cancellationToken: cancellationToken);
        else if (column.ClrType == typeof(long))
            await group.WriteAsync<long>(column, Cells(cells, row => (long?)((NumberColumn)cells)[row]), cancellationToken: cancellationToken);
        else
            await group.WriteAsync<double>(column, Cells(cells, row => (double?)((NumberColumn)cells)[row]), cancellationToken: cancellationToken);
    }

    private static T[] Cells<T>(RunTableColumn cells, Func<int, T> read)
    {
        var all = new T[cells.Rows];
        for (var row = 0; row < all.Length; row++)
        {
            if (cells.Has(row))
                all[row] = read(row);
        }

        return all;
    }
}
