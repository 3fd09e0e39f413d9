using System.Globalization;
using System.Text;
using CsCheck;
using Runstone.Core.Importance;
using Runstone.Core.Runs;

namespace Runstone.Core.Tests.Importance;

public sealed class ImportanceSampleTests
{
    private static readonly string[] Keys = ["a", "b", "c"];

    private static readonly Gen<(double? Metric, string?[] Params)[]> Runs = Gen.Select(
        Gen.OneOf(Gen.Double[0, 10].Select(d => (double?)d), Gen.Int[0, 2].Select(i => i switch { 0 => (double?)null, 1 => double.NaN, _ => double.PositiveInfinity })),
        Texts(null, "1", "2.5", "-3", "1e3").Array[2], Texts(null, "adam", "sgd"),
        (metric, numbers, text) => (metric, (string?[])[.. numbers, text])).Array[0, 60];

    [Fact]
    public void Params_that_come_in_several_tables_say_what_they_say_in_one() => Gen.Select(Runs, Gen.Int).Sample(
        (runs, seed) =>
        {
            var ids = Enumerable.Range(0, runs.Length).Select(i => $"r{i}").ToArray();
            var metric = new NumberColumn(runs.Length);
            for (var i = 0; i < runs.Length; i++)
            {
                if (runs[i].Metric is { } value)
                    metric.Set(i, value);
            }

            var whole = ImportanceSample.Of(new RunTable(ids, [metric], null));
            whole.Add(Keys, TableOf(Enumerable.Range(0, runs.Length), [0, 1, 2]));
            var parts = ImportanceSample.Of(new RunTable(ids, [metric], null));
            parts.Add(["a"], TableOf(Shuffled(), [0]));
            parts.Add(["b", "c"], TableOf(Shuffled(), [1, 2]));

            var (one, several) = (whole.Measure(allParams: true, CancellationToken.None), parts.Measure(allParams: true, CancellationToken.None));
            Assert.Equal(runs.Count(r => r.Metric is { } value && double.IsFinite(value)), one.Runs);
            Assert.Equal((one.Runs, one.Complete, one.Explained), (several.Runs, several.Complete, several.Explained));
            Assert.Equal(one.Params, several.Params);

            RunTable TableOf(IEnumerable<int> order, int[] places)
            {
                var rows = order.ToArray();
                var columns = places.Select(place =>
                {
                    var column = new TextColumn(rows.Length);
                    for (var row = 0; row < rows.Length; row++)
                    {
                        if (runs[rows[row]].Params[place] is { } text)
                            column.Set(row, Encoding.UTF8.GetBytes(text));
                    }

                    return column;
                });
                return new RunTable([.. rows.Select(r => ids[r])], [.. columns], null);
            }

            int[] Shuffled()
            {
                var order = Enumerable.Range(0, runs.Length).ToArray();
                new Random(seed).Shuffle(order);
                return order;
            }
        },
        iter: 50);

    private static Gen<string?> Texts(params string?[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void A_run_that_only_one_of_the_tables_has_is_no_error()
    {
        var metric = new NumberColumn(12);
        var texts = new TextColumn(12);
        for (var i = 0; i < 12; i++)
        {
            metric.Set(i, i);
            texts.Set(i, Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        }

        var sample = ImportanceSample.Of(new RunTable([.. Enumerable.Range(0, 12).Select(i => $"r{i}")], [metric], null));
        sample.Add(["p"], new RunTable([.. Enumerable.Range(1, 12).Select(i => $"r{i}")], [texts], null));

        var report = sample.Measure(allParams: true, CancellationToken.None);
        Assert.Equal((12, 11), (report.Runs, report.Params[0].Runs));
        Assert.Equal(1, report.Params[0].Correlation);
    }
}
