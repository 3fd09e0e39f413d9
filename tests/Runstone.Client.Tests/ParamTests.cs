using System.Globalization;
using Runstone.Client.Runs;

namespace Runstone.Client.Tests;

public sealed class ParamTests
{
    private enum Kernel
    {
        Linear,
        Radial,
    }

    private static Dictionary<string, string> Flatten(object? value, List<string>? errors = null)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        ParamFlattener.Flatten("", value, found.Add, (key, _) => (errors ?? []).Add(key));
        return found;
    }

    [Fact]
    public void Properties_become_names_with_dots()
    {
        var found = Flatten(new
        {
            Trees = 100,
            Rate = 0.1f,
            Loss = 1e-9,
            Kernel = Kernel.Radial,
            Shuffle = true,
            Layers = new[] { 64, 32 },
            Seed = (int?)null,
            Optimizer = new { Name = "adam", Betas = new List<double> { 0.9, 0.999 } },
        });
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Trees"] = "100",
                ["Rate"] = "0.1",
                ["Loss"] = "1E-09",
                ["Kernel"] = "Radial",
                ["Shuffle"] = "true",
                ["Layers"] = "[64, 32]",
                ["Seed"] = "null",
                ["Optimizer.Name"] = "adam",
                ["Optimizer.Betas"] = "[0.9, 0.999]",
            },
            found);
    }

    [Fact]
    public void Dictionaries_of_any_kind_work()
    {
        var nested = new Dictionary<string, object?>(StringComparer.Ordinal) { ["lr"] = 0.5m, ["inner"] = new SortedList<int, string> { [3] = "c" } };
        Assert.Equal(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["lr"] = "0.5", ["inner.3"] = "c" }, Flatten(nested));
        Assert.Equal("2", Flatten(new[] { KeyValuePair.Create("a", 2) })["a"]);
    }

    [Fact]
    public void Values_do_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal("0.25", Flatten(new { Rate = 0.25 })["Rate"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void An_object_that_contains_itself_ends()
    {
        var node = new Node();
        node.Next = node;
        Assert.NotEmpty(Flatten(node));
    }

    [Fact]
    public void A_property_that_throws_is_left_out_and_told()
    {
        var errors = new List<string>();
        Assert.Equal("1", Assert.Single(Flatten(new Moody(), errors)).Value);
        Assert.Equal(["Bad"], errors);
    }

    [Theory]
    [InlineData("1.5", 1, 500_000)]
    [InlineData("-0.25", -1, 750_000)]
    [InlineData("3", 3, 0)]
    [InlineData("0.9999999", 1, 0)]
    public void A_fractional_step_is_split_exactly(string step, long whole, int micros)
    {
        Assert.True(Run.TrySplit(decimal.Parse(step, CultureInfo.InvariantCulture), out var w, out var m));
        Assert.Equal((whole, micros), (w, m));
    }

    [Fact]
    public void A_step_beyond_64_bits_is_none() => Assert.False(Run.TrySplit(decimal.MaxValue, out _, out _));

    private sealed class Node
    {
        public int Value { get; } = 1;

        public Node? Next { get; set; }
    }

    private sealed class Moody
    {
        public int Good { get; } = 1;

        public int Bad => Good == 0 ? 0 : throw new InvalidOperationException("no");
    }
}
