using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Models;
using Runstone.Core.Query;
using Runstone.Formats.Mlflow;
using Runstone.Formats.Mlflow.Search;

namespace Runstone.Formats.Tests.Mlflow;

/// <summary>Searches over logged models, the lists kept in tags, and page tokens that belong to a query.</summary>
public sealed class LoggedModelTests
{
    [Fact]
    public void A_filter_compares_facts_metrics_params_and_tags() =>
        Assert.Equivalent(
            new Filter.And(
            [
                Compare(FieldKind.Attribute, LoggedModelFields.Name, ComparisonOperator.Like, Literal.Of("g%")),
                Compare(FieldKind.Attribute, LoggedModelFields.Status, ComparisonOperator.Equal, Literal.Of(1)),
                Compare(FieldKind.Attribute, LoggedModelFields.CreatedAt, ComparisonOperator.Less, Literal.Of(5)),
                Compare(FieldKind.Metric, "a b", ComparisonOperator.GreaterOrEqual, Literal.Of(-0.5)),
                Compare(FieldKind.Param, "lr", ComparisonOperator.NotEqual, Literal.Of("1")),
                Compare(FieldKind.Tag, "t", ComparisonOperator.ILike, Literal.Of("x")),
            ]),
            LoggedModelSearch.ParseFilter(
                "name LIKE 'g%' AND status = 'READY' and creation_timestamp < 5 AND metrics.`a b` >= -0.5 AND params.lr != '1' AND tags.t ILIKE 'x'"),
            strict: true);

    [Fact]
    public void An_order_names_facts_and_metrics_on_datasets()
    {
        var query = LoggedModelSearch.Parse(Request("""
            {"experiment_ids": ["1", 2], "max_results": 5000, "datasets": [{"dataset_name": "d"}, {"dataset_name": "e", "dataset_digest": "x"}],
             "order_by": [{"field_name": "metrics.a.b", "ascending": false, "dataset_name": "d"}, {"field_name": "creation_timestamp"}]}
            """));
        Assert.Equal([1, 2], query.ExperimentIds);
        Assert.Equal((LoggedModelService.MaxLimit, 0L), (query.Limit, query.Offset));
        Assert.Equal([new DatasetName("d", null), new("e", "x")], query.Datasets);
        Assert.Equal(
            [
                new LoggedModelOrdering(new Field(FieldKind.Metric, "a.b"), Descending: true, new DatasetName("d", null)),
                new(new Field(FieldKind.Attribute, LoggedModelFields.CreatedAt)),
            ],
            query.OrderBy);
    }

    [Fact]
    public void Any_request_is_a_query_or_a_known_error() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 20], Gen.String[Gen.Char["{}[]\",:.'`=<>()metricsnul1-"], 0, 6]).Sample((at, remove, insert) =>
        {
            const string Text =
                """{"experiment_ids": ["1"], "filter": "metrics.auc > 0.5 AND name = 'x'", "datasets": [{"dataset_name": "d"}], "order_by": [{"field_name": "metrics.auc", "ascending": true}], "page_token": "eyJvZmZzZXQiOiAyfQ==", "max_results": 3}""";
            at = Math.Min(at, Text.Length);
            try
            {
                var query = LoggedModelSearch.Parse(Request(Text[..at] + insert + Text[Math.Min(at + remove, Text.Length)..]));
                return query.Limit is >= 1 and <= LoggedModelService.MaxLimit && query.Offset >= 0;
            }
            catch (RunstoneException)
            {
                return true;
            }
        });

    [Fact]
    public void A_page_token_belongs_to_its_query()
    {
        Assert.Equal(7, PageToken.Offset(PageToken.Of(7, "query"), "query"));
        Assert.Equal(0, PageToken.Offset(null, "query"));
        Assert.Throws<RunstoneException>(() => PageToken.Offset(PageToken.Of(7, "query"), "other"));
        Assert.Throws<RunstoneException>(() => PageToken.Offset(PageToken.Of(7), "query"));
    }

    [Theory]
    [InlineData(null, """[{"name": "m", "version": 3}]""")]
    [InlineData("", """[{"name": "m", "version": 3}]""")]
    [InlineData("[ ]", """[{"name": "m", "version": 3}]""")]
    [InlineData("{}", """[{"name": "m", "version": 3}]""")]
    [InlineData("[1", """[{"name": "m", "version": 3}]""")]
    [InlineData("""[{"name": "m", "version": "1"}] """, """[{"name": "m", "version": "1"}, {"name": "m", "version": 3}]""")]
    public void A_version_joins_the_list_in_the_tag(string? before, string after) =>
        Assert.Equal(after, LoggedModelMapping.WithVersion(before, "m", 3));

    [Fact]
    public void Whatever_stood_in_the_tag_it_is_a_list_that_ends_with_the_version_afterwards() =>
        Gen.Select(Gen.String[Gen.Char["[]{}\":,1a \\ud"], 0, 30], Gen.String).Sample((before, name) =>
        {
            using var list = JsonDocument.Parse(LoggedModelMapping.WithVersion(before, name, 3));
            return list.RootElement.EnumerateArray().Last().GetProperty("version").GetInt32() == 3;
        });

    [Theory]
    [InlineData("models:/m-1", "m-1")]
    [InlineData("models:///m-1/", "m-1")]
    [InlineData("models:/m-1/2", null)]
    [InlineData("models:/income/2", null)]
    [InlineData("mlflow-artifacts:/m-1", null)]
    public void A_source_may_name_a_logged_model(string source, string? id) => Assert.Equal(id, ModelSource.LoggedModel(source));

    private static Filter.Compare Compare(FieldKind kind, string key, ComparisonOperator op, Literal value) => new(new Field(kind, key), op, value);

    private static MlflowRequest Request(string json) => MlflowRequest.FromJson(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));
}
