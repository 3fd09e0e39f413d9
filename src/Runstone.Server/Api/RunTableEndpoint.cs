using System.Text.Json;
using Runstone.Core.Query;
using Runstone.Core.Runs;
using Runstone.Protocol;

namespace Runstone.Server.Api;

/// <summary>Answers a search as columns, written from the cells to the wire without objects between.</summary>
internal static class RunTableEndpoint
{
    private const int MaxLimit = 10_000;
    private const int StandardLimit = 1000;
    private const int MaxSkip = 1_000_000;

    /// <summary>As far as one can skip, so that whoever jumps knows where the end is.</summary>
    private const int CountedUpTo = MaxSkip;

    /// <summary>What may wait in memory before it is sent on.</summary>
    private const int FlushBytes = 1 << 16;

    private const int CheckEvery = 1024;

    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    public static async Task TableAsync(RunTableRequest request, HttpResponse response, RunService runs, CancellationToken cancellationToken)
    {
        var fingerprint = Fingerprint(request);
        var query = ToQuery(request);
        query = query with { After = RunPageToken.Decode(request.PageToken, fingerprint, query.OrderBy, "pageToken") };
        var names = (request.Columns ?? []).Select(c => c ?? "").ToArray();
        var table = await runs.ReadTableAsync(query, RunFilterParser.ParseColumns(names), cancellationToken);
        var total = request.Count
            ? await RunEndpoints.CountAsync(query, table.Ids.Count, table.Next is not null, CountedUpTo, runs, cancellationToken)
            : default;
        var next = table.Next is null ? null : RunPageToken.Encode(table.Next, fingerprint);
        await WriteAsync(response, table, names, next, total, cancellationToken);
    }

    /// <summary>That of the search, so that either goes on where the other ended, unless the table finds other runs.</summary>
    public static string Fingerprint(RunTableRequest request)
    {
        var within = request.Within is { Count: > 0 } groups ? $"\nwithin {JsonSerializer.Serialize(groups, RunstoneJson.Default.IReadOnlyListRunGroupKey)}" : "";
        return RunMapping.Fingerprint(ToSearch(request)) + (request.Roots ? "\nroots" : "") + within;
    }

    /// <summary>What the request looks for, from the first run on.</summary>
    public static RunQuery ToQuery(RunTableRequest request)
    {
        var query = RunMapping.ToQuery(ToSearch(request));
        return query with
        {
            Filter = RunGroupMapping.Within(query.Filter, request.Within),
            Roots = request.Roots,
            Limit = Words.Limit(request.Limit, StandardLimit, MaxLimit),
            Offset = Words.Skip(request.Skip, MaxSkip),
        };
    }

    private static SearchRunsRequest ToSearch(RunTableRequest request) => new()
    {
        ExperimentIds = request.ExperimentIds,
        Filter = request.Filter,
        OrderBy = request.OrderBy,
        Lifecycle = request.Lifecycle,
    };

    private static async Task WriteAsync(
        HttpResponse response, RunTable table, string[] names, string? next, (long? Count, bool? IsExact) total, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter, Unchecked);
        json.WriteStartObject();
        json.WriteStartArray("runs"u8);
        foreach (var id in table.Ids)
            json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteStartArray("columns"u8);
        for (var i = 0; i < names.Length; i++)
            await WriteColumnAsync(json, response, names[i], table.Columns[i], cancellationToken);
        json.WriteEndArray();
        if (next is not null)
            json.WriteString("nextPageToken"u8, next);
        if (total.Count is { } count)
            json.WriteNumber("total"u8, count);
        if (total.IsExact is { } isExact)
            json.WriteBoolean("totalIsExact"u8, isExact);
        json.WriteEndObject();
    }

    private static async Task WriteColumnAsync(
        Utf8JsonWriter json, HttpResponse response, string name, RunTableColumn column, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("field"u8, name);
        json.WriteStartArray("values"u8);
        for (var from = 0; from < column.Rows; from += CheckEvery)
        {
            WriteCells(json, column, from, Math.Min(from + CheckEvery, column.Rows));
            if (response.BodyWriter.UnflushedBytes + json.BytesPending < FlushBytes)
                continue;
            json.Flush();
            await response.BodyWriter.FlushAsync(cancellationToken);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCells(Utf8JsonWriter json, RunTableColumn column, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            if (!column.Has(row))
                json.WriteNullValue();
            else if (column is TextColumn texts)
                json.WriteStringValue(texts[row]);
            else
                HistoryWriter.WriteValue(json, ((NumberColumn)column)[row]);
        }
    }
}
