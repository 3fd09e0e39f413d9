using CsCheck;
using Runstone.Core.Errors;
using Runstone.Core.Experiments;
using Runstone.Core.Models;

namespace Runstone.Core.Tests.Models;

public sealed class ModelRulesTests
{
    [Theory]
    [InlineData("income-model")]
    [InlineData("Größe 7")]
    [InlineData("a.b_c")]
    public void A_name_may_hold_any_text(string name) => ModelRules.RequireName(name);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("team/model")]
    [InlineData("model:3")]
    public void A_name_that_an_address_could_not_hold_is_refused(string name) =>
        Assert.Equal((ErrorCode.Invalid, "name"), Refusal(() => ModelRules.RequireName(name)));

    [Fact]
    public void A_name_has_at_most_500_characters()
    {
        ModelRules.RequireName(new string('a', 500));
        Assert.Equal((ErrorCode.TooLarge, "name"), Refusal(() => ModelRules.RequireName(new string('a', 501))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("LATEST")]
    [InlineData("v1")]
    [InlineData("V20")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void An_alias_that_is_no_word_or_reads_as_a_version_is_refused(string alias) =>
        Assert.Equal((ErrorCode.Invalid, "alias"), Refusal(() => ModelRules.RequireAlias(alias)));

    [Theory]
    [InlineData("v")]
    [InlineData("v1a")]
    [InlineData("latest2")]
    public void An_alias_that_only_begins_like_a_version_is_accepted(string alias) => ModelRules.RequireAlias(alias);

    [Fact]
    public void Words_of_letters_digits_underscores_and_hyphens_after_another_letter_are_aliases() =>
        Gen.String[Gen.Char["abcXYZ019_-"], 1, 254].Sample(text => ModelRules.RequireAlias("x" + text));

    [Fact]
    public void Tags_need_a_key_and_stay_below_their_limits()
    {
        ModelRules.RequireTags([new Tag(new string('k', 250), new string('v', 100_000)), new Tag("empty", "")]);
        Assert.Equal((ErrorCode.Invalid, "tags"), Refusal(() => ModelRules.RequireTags([new Tag("", "value")])));
        Assert.Equal((ErrorCode.TooLarge, "tags"), Refusal(() => ModelRules.RequireTags([new Tag(new string('k', 251), "")])));
        Assert.Equal((ErrorCode.TooLarge, "tags"), Refusal(() => ModelRules.RequireTags([new Tag("key", new string('v', 100_001))])));
    }

    private static (ErrorCode Code, string? Field) Refusal(Action action)
    {
        var error = Assert.Throws<RunstoneException>(action).Error;
        return (error.Code, error.Field);
    }
}
