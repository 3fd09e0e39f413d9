using System.Buffers.Binary;
using Runstone.Core.Query;
using Runstone.Core.Runs;

namespace Runstone.Storage.Sql;

/// <summary>Looks through all values of runs, some runs at a time, and keeps what is told of their columns.</summary>
internal sealed class ColumnFactsRead
{
    /// <summary>Runs whose values are asked for at once.</summary>
    private const int Stretch = 100;

    private readonly SqlSession _session;
    private readonly Dictionary<long, ColumnGatherer> _metrics = [];
    private readonly Dictionary<long, ColumnGatherer> _params = [];
    private readonly Dictionary<long, ColumnGatherer> _tags = [];
    private long _values;

    private ColumnFactsRead(SqlSession session) => _session = session;

    /// <param name="session">The instant.</param>
    /// <param name="names">Names of keys.</param>
    /// <param name="numbers">The runs, in order.</param>
    /// <param name="isAll">Whether no more runs match.</param>
    /// <param name="maxValues">After so many no run is begun.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<ColumnSurvey> ReadAsync(
        SqlSession session, KeyNames names, IReadOnlyList<long> numbers, bool isAll, int maxValues, CancellationToken cancellationToken)
    {
        var read = new ColumnFactsRead(session);
        var looked = 0;
        while (looked < numbers.Count && read._values < maxValues)
        {
            var runs = numbers.Skip(looked).Take(Stretch).ToArray();
            await read.LookAsync(session.Dialect.List(runs), cancellationToken);
            looked += runs.Length;
        }

        return new ColumnSurvey(await read.BuildAsync(names, cancellationToken), looked, isAll && looked == numbers.Count);
    }

    private ValueTask LookAsync(object runs, CancellationToken cancellationToken) => _session.VisitAllAsync(
        [Visit(FieldKind.Metric, "x.last", _metrics, runs), Visit(FieldKind.Param, "x.value", _params, runs), Visit(FieldKind.Tag, "x.value", _tags, runs)],
        cancellationToken);

    private SqlVisit Visit(FieldKind kind, string value, Dictionary<long, ColumnGatherer> into, object runs)
    {
        var (dialect, table, areTexts) = (_session.Dialect, RunFieldPlaces.TableOf(kind), kind != FieldKind.Metric);
        if (dialect.Packed(table, [value], areTexts, "@runs", "1 = 1") is { } packed)
            return new(SqlText.Fixed(packed, runs), row => TakePacked(row, areTexts, into));
        return new(SqlText.Fixed($"select x.key_id, {value} from {dialect.OfRuns(table, "@runs", "1 = 1")}", runs), row => Take(row, areTexts, into));
    }

    private void Take(SqlRow row, bool areTexts, Dictionary<long, ColumnGatherer> into)
    {
        if (areTexts)
            Of(into, row.Int64(0)).Add(row.Utf8(1));
        else
            Of(into, row.Int64(0)).Add(row.NullableDouble(1) ?? double.NaN);
    }

    /// <summary>Takes a row of <see cref="SqlDialect.Packed"/>, laid out as <see cref="TableCells.TakePacked"/> says.</summary>
    private void TakePacked(SqlRow row, bool areTexts, Dictionary<long, ColumnGatherer> into)
    {
        if (row.IsNull(1))
            return;
        var keys = row.Blob(1);
        var values = row.Blob(2);
        var texts = areTexts ? row.Utf8(3) : default;
        for (var i = 0; i < keys.Length / sizeof(long); i++)
        {
            var gatherer = Of(into, BinaryPrimitives.ReadInt64BigEndian(keys[(i * sizeof(long))..]));
            if (!areTexts)
            {
                gatherer.Add(BinaryPrimitives.ReadDoubleBigEndian(values[(i * sizeof(double))..]));
                continue;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(values[(i * sizeof(int))..]);
            gatherer.Add(texts[..length]);
            texts = texts[length..];
        }
    }

    private ColumnGatherer Of(Dictionary<long, ColumnGatherer> gatherers, long key)
    {
        _values++;
        if (!gatherers.TryGetValue(key, out var gatherer))
            gatherers[key] = gatherer = new ColumnGatherer();
        return gatherer;
    }

    private async ValueTask<IReadOnlyList<RunColumnFacts>> BuildAsync(KeyNames names, CancellationToken cancellationToken)
    {
        var keys = _metrics.Keys.Concat(_params.Keys).Concat(_tags.Keys).ToHashSet();
        var nameOf = keys.Count == 0 ? [] : await names.ReadAsync(_session, keys, cancellationToken);
        return [.. Facts(FieldKind.Metric, _metrics), .. Facts(FieldKind.Param, _params), .. Facts(FieldKind.Tag, _tags)];

        IEnumerable<RunColumnFacts> Facts(FieldKind kind, Dictionary<long, ColumnGatherer> gatherers) =>
            gatherers.Select(g => g.Value.Build(new Field(kind, nameOf[g.Key]))).OrderBy(f => f.Field.Key, StringComparer.Ordinal);
    }
}
