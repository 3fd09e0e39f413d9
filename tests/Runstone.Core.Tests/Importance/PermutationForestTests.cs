using System.Globalization;
using CsCheck;
using Runstone.Core.Importance;

namespace Runstone.Core.Tests.Importance;

/// <summary>What importances mean, over metrics whose causes are known.</summary>
public sealed class PermutationForestTests
{
    private static readonly Gen<int> Seeds = Gen.Int[0, 1_000_000];

    [Fact]
    public void A_param_that_alone_determines_the_metric_gets_nearly_everything() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var runs = random.Next(100, 400);
            var cause = Numbers(random, runs);
            var forest = Run([cause, .. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Noise(random, runs))], [.. Values(cause).Select(x => (x * x) - x)]);
            Assert.InRange(forest.Importances[0], 0.9, 1);
            Assert.InRange(forest.Explained, 0.7, 1);
            Assert.Equal(1, forest.Importances.Sum(), 9);
            Assert.All(forest.Importances, i => Assert.InRange(i, 0, 1));
        },
        iter: 12);

    [Fact]
    public void A_category_that_determines_the_metric_gets_nearly_everything() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var names = Enumerable.Range(0, 200).Select(_ => $"model {random.Next(12)}").ToArray();
            var means = names.Distinct(StringComparer.Ordinal).ToDictionary(n => n, _ => random.NextDouble() * 9, StringComparer.Ordinal);
            var forest = Run([FeatureBins.Of(names), Noise(random, 200), Noise(random, 200)], [.. names.Select(n => means[n] + (random.NextDouble() * 0.01))]);
            Assert.InRange(forest.Importances[0], 0.9, 1);
        },
        iter: 12);

    [Fact]
    public void Two_equal_causes_share_and_noise_gets_nearly_nothing() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var (a, b) = (Numbers(random, 500), Numbers(random, 500));
            var forest = Run([a, b, Noise(random, 500), Noise(random, 500)], [.. Values(a).Zip(Values(b), (x, y) => x + y)]);
            Assert.InRange(forest.Importances[0], 0.35, 0.65);
            Assert.InRange(forest.Importances[1], 0.35, 0.65);
            Assert.InRange(forest.Importances[2] + forest.Importances[3], 0, 0.05);
        },
        iter: 8);

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(300)]
    public void Values_that_no_other_run_has_are_predicted_from_their_neighbours(int runs)
    {
        var forest = Run([FeatureBins.Of([.. Enumerable.Range(0, runs).Select(i => i.ToString(CultureInfo.InvariantCulture))])], [.. Enumerable.Range(0, runs).Select(i => (double)i)]);
        Assert.InRange(forest.Explained, 0.8, 1);
    }

    [Fact]
    public void Where_nothing_causes_the_metric_nearly_nothing_is_explained() => Seeds.Sample(
        seed =>
        {
            var random = new Random(seed);
            var forest = Run([.. Enumerable.Range(0, 5).Select(_ => Noise(random, 300))], [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())]);
            Assert.InRange(forest.Explained, 0, 0.1);
        },
        iter: 8);

    [Fact]
    public void The_same_runs_give_the_same_answer()
    {
        var random = new Random(5);
        var (a, b) = (Numbers(random, 300), Noise(random, 300));
        double[] target = [.. Values(a)];
        var (one, two) = (Run([a, b], target), Run([a, b], target));
        Assert.Equal(one.Importances, two.Importances);
        Assert.Equal(one.Explained, two.Explained);
    }

    [Fact]
    public void Of_few_runs_or_a_metric_that_never_changes_nothing_is_learnt()
    {
        var random = new Random(1);
        Assert.All([Run([Numbers(random, 9)], [1, 2, 3, 4, 5, 6, 7, 8, 9]), Run([Numbers(random, 50)], new double[50]), Run([], new double[50])], forest =>
        {
            Assert.Equal(0, forest.Explained);
            Assert.All(forest.Importances, i => Assert.Equal(0, i));
        });
    }

    [Fact]
    public void A_run_without_the_param_differs_from_those_with_it()
    {
        string?[] values = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "1" : null)];
        var bins = FeatureBins.Of(values);
        Assert.Equal((ParamKind.Number, 50, true), (bins.Kind, bins.Runs, bins.Differs));
        Assert.Equal(1, Run([bins], [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 1.0 : 2)]).Importances[0]);
        Assert.False(FeatureBins.Of(["1", "1.0"]).Differs);
        Assert.Equal(ParamKind.Category, FeatureBins.Of(["1", "NaN"]).Kind);
    }

    [Fact]
    public void Bins_keep_the_order_of_numbers_and_fit_a_word() => Gen.Double[-1e9, 1e9].Array[1, 500].Sample(numbers =>
    {
        var bins = FeatureBins.Of([.. numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture))]).Bins;
        var order = Enumerable.Range(0, numbers.Length).OrderBy(i => numbers[i]).ToArray();
        for (var i = 1; i < order.Length; i++)
            Assert.True(bins[order[i - 1]] <= bins[order[i]]);
        Assert.All(bins, b => Assert.InRange(b, 1, FeatureBins.Count - 1));
        Assert.Equal(numbers.Distinct().Count() > 1, bins.Distinct().Count() > 1);
    });

    [Theory]
    [InlineData("1 2 3 4", "10 20 30 99", 1.0)]
    [InlineData("1 2 3 4", "4 3 2 1", -1.0)]
    [InlineData("1 2 2 4", "1 2 3 4", 0.9486832980505138)]
    [InlineData("NaN 1 2 3", "9 1 2 3", 1.0)]
    [InlineData("1 1 1", "1 2 3", null)]
    [InlineData("NaN 1", "1 2", null)]
    public void The_rank_correlation_is_known(string x, string y, double? expected)
    {
        var found = new RankCorrelation(Parse(y)).Of(Parse(x));
        Assert.Equal(expected is null, found is null);
        Assert.Equal(expected ?? 0, found ?? 0, 12);
    }

    private static double[] Parse(string text) => [.. text.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];

    private static PermutationForest Run(FeatureBins[] features, double[] target)
    {
        var forest = new PermutationForest(features, RankCorrelation.Ranks(target));
        forest.Run(CancellationToken.None);
        return forest;
    }

    private static FeatureBins Numbers(Random random, int runs) =>
        FeatureBins.Of([.. Enumerable.Range(0, runs).Select(_ => (random.NextDouble() * 4).ToString("R", CultureInfo.InvariantCulture))]);

    private static FeatureBins Noise(Random random, int runs) => random.Next(2) == 0
        ? Numbers(random, runs)
        : FeatureBins.Of([.. Enumerable.Range(0, runs).Select(_ => $"c{random.Next(5)}")]);

    private static double[] Values(FeatureBins bins) => bins.Numbers!;
}
