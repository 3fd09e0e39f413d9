using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Query;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Formats.Tests.Mlflow;

/// <summary>The search grammar of runs: what it means and what it says when it does not.</summary>
public sealed class RunSearchTests
{
    [Theory]
    [InlineData("metrics.auc > 0.65", "Metric auc Greater 0.65")]
    [InlineData("metric.auc >= -1e-3", "Metric auc GreaterOrEqual -0.001")]
    [InlineData("metrics.`a b` = .5", "Metric a b Equal 0.5")]
    [InlineData("metrics.\"val/loss\"<1", "Metric val/loss Less 1")]
    [InlineData("params.depth = '3'", "Param depth Equal '3'")]
    [InlineData("parameters.depth != \"3\"", "Param depth NotEqual '3'")]
    [InlineData("param.\"x.y\" LIKE 'for%'", "Param x.y Like 'for%'")]
    [InlineData("params.algo ilike 'GB%'", "Param algo ILike 'GB%'")]
    [InlineData("tags.`color` != \"blue\"", "Tag color NotEqual 'blue'")]
    [InlineData("tags.mlflow.source.name = 'a.py'", "Tag mlflow.source.name Equal 'a.py'")]
    [InlineData("tags.mlflow.runName = 'x'", "Attribute name Equal 'x'")]
    [InlineData("tags.`mlflow.parentRunId` = 'abc'", "Attribute parent_id Equal 'abc'")]
    [InlineData("tags.x IS NULL", "Not(Exists Tag x)")]
    [InlineData("params.x is not null", "Exists Param x")]
    [InlineData("tag.note = 'it''s'", "Tag note Equal 'it''s'")]
    [InlineData("status = 'FAILED'", "Attribute status Equal 'failed'")]
    [InlineData("attributes.status != 'FAILED'", "Attribute status NotEqual 'failed'")]
    [InlineData("attributes.status = 'failed'", "Or()")]
    [InlineData("attr.status ILIKE 'fail%'", "Attribute status ILike 'fail%'")]
    [InlineData("run.run_name LIKE 'run-0%'", "Attribute name Like 'run-0%'")]
    [InlineData("`run name` = 'x'", "Attribute name Equal 'x'")]
    [InlineData("attributes.`Run name` = 'x'", "Attribute name Equal 'x'")]
    [InlineData("attributes.run_id IN ('a', \"b\")", "Attribute run_id In(a|b)")]
    [InlineData("run_id NOT IN ('a')", "Attribute run_id NotIn(a)")]
    [InlineData("attributes.start_time > 0", "Attribute start_time Greater 0")]
    [InlineData("created <= 5", "Attribute start_time LessOrEqual 5")]
    [InlineData("end_time != 5", "Attribute end_time NotEqual 5")]
    [InlineData("user_id = 'ada'", "Attribute user Equal 'ada'")]
    [InlineData("artifact_uri LIKE '%x%'", "Attribute artifact_uri Like '%x%'")]
    [InlineData("dataset.name = 'census'", "Dataset name Equal 'census'")]
    [InlineData("datasets.digest IN ('a','b')", "Dataset digest In(a|b)")]
    [InlineData("dataset.context NOT IN ('train')", "Dataset context NotIn(train)")]
    [InlineData("dataset.context ILIKE 'TRAIN%'", "Dataset context ILike 'TRAIN%'")]
    [InlineData("metrics.a > 1 and params.b = '2' AND tags.c != 'x'", "And(Metric a Greater 1; Param b Equal '2'; Tag c NotEqual 'x')")]
    [InlineData("", "And()")]
    [InlineData("   ", "And()")]
    public void A_filter_lowers_to_the_tree(string filter, string tree) => Assert.Equal(tree, Show(RunSearch.ParseFilter(filter)));

    [Theory]
    [InlineData("metrics.auc >", "Invalid clause(s) in filter string: 'metrics.auc', '>'")]
    [InlineData("x =", "Invalid clause(s) in filter string: 'x', '='")]
    [InlineData("metrics.auc > 1 or metrics.auc < 0", "Invalid clause(s) in filter string: 'or'")]
    [InlineData("(metrics.auc > 1)", "Invalid clause(s) in filter string: '(metrics.auc > 1)'")]
    [InlineData("NOT params.a = '1'", "Invalid clause(s) in filter string: 'NOT'")]
    [InlineData("params.a = 'x", "Invalid clause(s) in filter string: 'params.a', '=', ''', 'x'")]
    [InlineData("metrics.a = 1; metrics.b = 2", "Search filter contained multiple expression 'metrics.a = 1; metrics.b = 2'. Provide AND-ed expression list.")]
    [InlineData("foo.bar = 1", "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    [InlineData("metrics.auc = 'x'", "Expected numeric value type for metric. Found 'x'")]
    [InlineData("metrics.auc = abc", "Expected numeric value type for metric. Found abc")]
    [InlineData("metrics.auc LIKE 'x'", "Invalid comparator 'LIKE' not one of '{'>', '>=', '!=', '=', '<', '<='}")]
    [InlineData("metrics.auc IS NULL", "Invalid comparator 'IS NULL' not one of '{'>', '>=', '!=', '=', '<', '<='}")]
    [InlineData("params.x > 1", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1")]
    [InlineData("params.x > '1'", "Invalid comparator '>' not one of '{'!=', '=', 'LIKE', 'ILIKE', 'IS NULL', 'IS NOT NULL'}")]
    [InlineData("params.x = abc", "Parameter value is either not quoted or unidentified quote types used for string value abc. Use either single or double quotes.")]
    [InlineData("tags.x IN ('a')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('a')")]
    [InlineData("start_time > 'a'", "Expected numeric value type for numeric attribute: start_time. Found 'a'")]
    [InlineData("status = 1", "Expected a quoted string value or a list of quoted string values for attributes. Got value 1")]
    [InlineData("status > 'a'", "Invalid comparator '>' not one of '{'!=', '=', 'LIKE', 'ILIKE'}")]
    [InlineData("status IN ('FAILED')", "Only the 'run_id' attribute supports comparison with a list of quoted string values.")]
    [InlineData("run_id IN ()", "While parsing a list in the query, expected a non-empty list of string values, but got empty list")]
    [InlineData("run_id IN (1, 2)", "While parsing a list in the query, expected string value, punctuation, or whitespace, but got different type in list: (1, 2)")]
    [InlineData("dataset.size = 'a'", "Invalid dataset key 'size' specified. Valid keys are '{'name', 'digest', 'context'}'")]
    [InlineData("dataset.name > 'a'", "Invalid comparator '>' not one of '{'!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}")]
    [InlineData(
        "attributes.nothing = '1'",
        "Invalid attribute key 'nothing' specified. Valid keys are '{'end_time', 'created', 'artifact_uri', 'start_time', 'user_id', 'Created', "
        + "'run name', 'run_name', 'Run Name', 'Run name', 'run_id', 'status'}'")]
    public void A_wrong_filter_says_what_is_wrong(string filter, string message)
    {
        var error = Assert.Throws<RunstoneException>(() => RunSearch.ParseFilter(filter)).Error;
        Assert.Equal((ErrorCode.Invalid, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("metrics.auc", "Metric auc asc")]
    [InlineData("metrics.`a b` DESC", "Metric a b desc")]
    [InlineData("params.depth asc", "Param depth asc")]
    [InlineData("tags.mlflow.runName", "Attribute name asc")]
    [InlineData("attributes.start_time desc", "Attribute start_time desc")]
    [InlineData("Created", "Attribute start_time asc")]
    [InlineData("`Run name` DESC", "Attribute name desc")]
    public void An_order_lowers_to_the_domain(string item, string expected)
    {
        var order = Assert.Single(RunSearch.ParseOrder([item]));
        Assert.Equal(expected, $"{order.Field.Kind} {order.Field.Key} {(order.Descending ? "desc" : "asc")}");
    }

    [Theory]
    [InlineData("metrics.x SIDEWAYS", "Invalid ordering key in order_by clause 'metrics.x SIDEWAYS'.")]
    [InlineData("metrics.x ASC DESC", "Invalid order_by clause 'metrics.x ASC DESC'. Could not be parsed.")]
    [InlineData("", "Invalid order_by clause ''. Could not be parsed.")]
    [InlineData("'x'", "Invalid order_by clause ''x''. Could not be parsed.")]
    [InlineData("foo.x", "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']")]
    public void A_wrong_order_says_what_is_wrong(string item, string message) =>
        Assert.Equal(message, Assert.Throws<RunstoneException>(() => RunSearch.ParseOrder([item])).Error.Message);

    [Fact]
    public void A_field_orders_once() => Assert.Equal(
        "`order_by` contains duplicate fields: ['metrics.a', 'metric.`a` DESC']",
        Assert.Throws<RunstoneException>(() => RunSearch.ParseOrder(["metrics.a", "metric.`a` DESC"])).Error.Message);

    [Theory]
    [InlineData("(")]
    [InlineData("'\\")]
    [InlineData("\"")]
    [InlineData("`a.")]
    [InlineData("a=")]
    public void A_filter_of_a_million_characters_is_refused_at_once(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 900_000 / piece.Length));
        Assert.InRange(Assert.Throws<RunstoneException>(() => RunSearch.ParseFilter(text)).Error.Message.Length, 10, 1_100_000);
    }

    [Fact]
    public void A_list_may_be_long_but_comparisons_and_orders_are_few()
    {
        var ids = string.Join(", ", Enumerable.Range(0, 20_000).Select(i => FormattableString.Invariant($"'{i:x32}'")));
        Assert.Equal(20_000, Assert.IsType<Filter.In>(RunSearch.ParseFilter($"attributes.run_id IN ({ids})")).Values.Count);
        Assert.Equal(
            "The filter has 201 comparisons; at most 200 are allowed. Use IN for lists of runs.",
            Assert.Throws<RunstoneException>(() => RunSearch.ParseFilter(string.Join(" AND ", Enumerable.Repeat("params.a = '1'", 201)))).Error.Message);
        Assert.Equal(
            "`order_by` has 31 items; at most 30 are allowed.",
            Assert.Throws<RunstoneException>(() => RunSearch.ParseOrder([.. Enumerable.Range(0, 31).Select(i => FormattableString.Invariant($"params.p{i}"))])).Error.Message);
    }

    [Fact]
    public void Any_text_is_a_filter_or_a_known_error() => Texts.Sample(text => Survives(() => RunSearch.ParseFilter(text)));

    [Fact]
    public void Any_text_is_an_order_or_a_known_error() => Texts.Sample(text => Survives(() => RunSearch.ParseOrder([text])));

    [Fact]
    public void Any_text_is_a_filter_of_experiments_or_a_known_error() => Texts.Sample(text => Survives(() => ExperimentSearch.ParseFilter(text)));

    // Half of the texts are pieces of the grammar in any order, so that they come past the first token.
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Pick(
            "metrics.a", "params.`b", "tags.\"c\"", "dataset.name", "status", "run_id", "start_time", ".", "=", "!=", "<", ">=", "LIKE", "ILIKE",
            "IN", "NOT IN", "IS", "NOT", "NULL", "AND", "or", "('a', 'b')", "(", ")", "(1)", "'x'", "\"y\"", "'", "\"", "`", "1", "-1e", "1e5", ";", "\\")
            .Array[0, 8].Select(parts => string.Join(' ', parts)));

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static bool Survives(Action parse)
    {
        try
        {
            parse();
        }
        catch (RunstoneException)
        {
            // The one way in which it may fail.
        }

        return true;
    }

    private static string Show(Filter filter) => filter switch
    {
        Filter.And f => $"And({string.Join("; ", f.Parts.Select(Show))})",
        Filter.Or f => $"Or({string.Join("; ", f.Parts.Select(Show))})",
        Filter.Not f => $"Not({Show(f.Part)})",
        Filter.Exists f => $"Exists {Show(f.Field)}",
        Filter.In f => $"{Show(f.Field)} {(f.Negated ? "NotIn" : "In")}({string.Join('|', f.Values)})",
        Filter.Compare f => FormattableString.Invariant($"{Show(f.Field)} {f.Operator} {(f.Value.IsText ? $"'{f.Value.Text}'" : f.Value.Number)}"),
        _ => filter.ToString(),
    };

    private static string Show(Field field) => $"{field.Kind} {field.Key}";
}
