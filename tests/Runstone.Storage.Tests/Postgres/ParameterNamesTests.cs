using Runstone.Storage.Postgres;

namespace Runstone.Storage.Tests.Postgres;

public sealed class ParameterNamesTests
{
    [Theory]
    [InlineData("select @a, @b, @a", "select $1, $2, $1")]
    [InlineData("(@a)=@a_1", "($1)=$2")]
    [InlineData("x <= @a and y<@b", "x <= $1 and y<$2")]
    [InlineData("'@a' = @a", "'@a' = $1")]
    [InlineData("'it''s @a' || @b", "'it''s @a' || $1")]
    [InlineData("\"@a\".b = @c", "\"@a\".b = $1")]
    [InlineData("@a::text || '{}'::jsonb", "$1::text || '{}'::jsonb")]
    [InlineData("-- @a\n@b", "-- @a\n$1")]
    [InlineData("/* @a /* @b */ @c */ @d", "/* @a /* @b */ @c */ $1")]
    [InlineData("$$ @a $$ || @b", "$$ @a $$ || $1")]
    [InlineData("$f$ @a $$ $f$ || @b", "$f$ @a $$ $f$ || $1")]
    [InlineData("@ -5 + @x", "@ -5 + $1")]
    [InlineData("a @@ b and c @> @d", "a @@ b and c @> $1")]
    [InlineData("'open @a", "'open @a")]
    [InlineData("ends with @", "ends with @")]
    public void Names_of_a_fixed_text_count_by_their_first_appearance(string sql, string expected) =>
        Assert.Equal(expected, ParameterNames.Number(sql, isFixed: true));

    [Fact]
    public void Names_of_a_search_keep_their_number_wherever_they_stand() =>
        Assert.Equal("$11 = $1 and $2", ParameterNames.Number("@p10 = @p0 and @p1", isFixed: false));
}
