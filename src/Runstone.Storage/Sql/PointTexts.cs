using System.Runtime.InteropServices;
using Runstone.Core.Metrics;

namespace Runstone.Storage.Sql;

/// <summary>
/// Finds the texts of the points of a block: reads those between its least and greatest step and keeps what belongs to a point. Points
/// that may have none cost a comparison.
/// </summary>
internal sealed class PointTexts
{
    private const string Select =
        """
        select x.step, x.step_micros, x.time, x.value, x.text
        from runs r join key_name k on k.name = @key join metric_text x on x.run_no = r.run_no and x.key_id = k.id
        where r.run_id = @run_id and x.step >= @from and x.step <= @to
        order by x.id
        """;

    private static readonly IReadOnlyList<MetricText> None = [];

    private readonly Dictionary<SeriesPoint, int> _places = [];
    private readonly Dictionary<int, int> _counts = [];
    private readonly List<MetricText> _found = [];
    private long _from = long.MaxValue;
    private long _to = long.MinValue;

    private PointTexts()
    {
    }

    /// <inheritdoc cref="IMetricStore.ReadTextsAsync"/>
    public static Task<IReadOnlyList<MetricText>> ReadAsync(
        SqlDatabase database, string runId, string key, ReadOnlySpan<SeriesPoint> points, CancellationToken cancellationToken)
    {
        PointTexts? texts = null;
        for (var i = 0; i < points.Length; i++)
        {
            if (ExactInteger.MayHaveText(points[i].Value))
                (texts ??= new PointTexts()).Want(points[i], i);
        }

        return texts is null ? Task.FromResult(None) : texts.ReadAsync(database, runId, key, cancellationToken);
    }

    private async Task<IReadOnlyList<MetricText>> ReadAsync(SqlDatabase database, string runId, string key, CancellationToken cancellationToken)
    {
        await database.ReadAsync(
            async session =>
            {
                // A read may be run again on another connection.
                _counts.Clear();
                _found.Clear();
                await session.VisitAsync(SqlText.Fixed(Select, key, runId, _from, _to), Take, cancellationToken);
                return true;
            },
            cancellationToken);

        // Sorting is stable: the texts of a point stay in order of arrival.
        return [.. _found.OrderBy(t => t.Point)];
    }

    private void Want(in SeriesPoint point, int place)
    {
        _places.TryAdd(point, place);
        (_from, _to) = (Math.Min(_from, point.Step.Whole), Math.Max(_to, point.Step.Whole));
    }

    private void Take(SqlRow row)
    {
        var point = new SeriesPoint(new Step(row.Int64(0), (int)row.Int64(1)), row.Int64(2), row.Double(3));
        if (!_places.TryGetValue(point, out var place))
            return;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, place, out _);
        if (count++ < MetricService.MaxTexts)
            _found.Add(new MetricText(place, row.Text(4)));
    }
}
