using System.Text.Json;
using Runstone.Core.Metrics;
using Runstone.Formats.Mlflow;

namespace Runstone.Server.Compat.Mlflow;

/// <summary>
/// An answer with one list of points, written while they are read. It begins with the first point: what fails before is answered as
/// an error, what fails later cuts the connection.
/// </summary>
internal sealed class PointList(HttpContext context, long left, long skip) : IAsyncDisposable
{
    private Utf8JsonWriter? _writer;
    private long _left = left;
    private long _skip = skip;
    private bool _any;

    /// <summary>The point that was written last.</summary>
    public SeriesPoint Last { get; private set; }

    /// <summary>Writes points; false when the limit was reached before the last of them.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<SeriesPoint> points, string key, string? runId)
    {
        var passed = (int)Math.Min(_skip, points.Length);
        _skip -= passed;
        points = points[passed..];
        var taken = (int)Math.Min(_left, points.Length);
        _left -= taken;
        if (taken > 0)
        {
            var writer = await BeginAsync();
            for (var i = 0; i < taken; i++)
                MlflowWriter.Point(writer, key, runId, points.Span[i]);
            Last = points.Span[taken - 1];
            await MlflowReply.FlushWhenFullAsync(context, writer);
        }

        return taken == points.Length;
    }

    /// <summary>Ends the answer, which has no list when there were no points.</summary>
    public async Task EndAsync(string? nextPage)
    {
        if (_writer is null)
        {
            _writer = MlflowReply.Begin(context);
            _writer.WriteStartObject();
        }

        if (_any)
            _writer.WriteEndArray();
        if (nextPage is not null)
            _writer.WriteString("next_page_token"u8, nextPage);
        await MlflowReply.EndAsync(context, _writer);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
    }

    private async ValueTask<Utf8JsonWriter> BeginAsync()
    {
        if (_writer is not null)
            return _writer;
        _writer = await MlflowReply.StartAsync(context);
        _writer.WriteStartObject();
        _writer.WriteStartArray("metrics"u8);
        _any = true;
        return _writer;
    }
}
