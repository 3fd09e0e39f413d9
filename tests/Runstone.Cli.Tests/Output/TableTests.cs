using System.Text;
using CsCheck;
using Runstone.Cli.Output;
using Spectre.Console;

namespace Runstone.Cli.Tests.Output;

public sealed class TableTests
{
    [Fact]
    public void A_table_is_never_wider_than_the_terminal()
    {
        var rows = Gen.String.Array[4].Array[0, 5];
        Gen.Select(Gen.Int[20, 120], Gen.Bool.Array[4], rows).Sample((width, cuttable, cells) =>
        {
            var table = new ResultTable([.. cuttable.Select((c, i) => new Cli.Output.TableColumn($"column {i}", Cuttable: c))]);
            foreach (var row in cells)
                table.Add(row);
            Assert.All(Write(table, width).Split('\n'), line => Assert.InRange(line.TrimEnd(' ').GetCellWidth(), 0, width));
        });
    }

    [Fact]
    public void Without_a_terminal_nothing_is_cut()
    {
        var table = new ResultTable(new("a", Cuttable: true), new("b", Cuttable: true));
        table.Add(new string('x', 500), new string('y', 500));
        Assert.Contains(new string('x', 500) + "  " + new string('y', 500), Write(table, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_give_way_before_columns_do()
    {
        var table = new ResultTable(new("id"), new("name", Cuttable: true), new("status"));
        table.Add("0123456789", new string('n', 60), "finished");
        Assert.Equal("id          name        status  \n0123456789  nnnnnnnnn…  finished\n", Write(table, 32));
    }

    [Fact]
    public void Text_of_others_cannot_steer_the_terminal()
    {
        var table = new ResultTable(new Cli.Output.TableColumn("name"));
        table.Add("\u001b[31mred\u001b[0m\a\r\nnext\u202E");
        Assert.Equal("name                \n\uFFFD[31mred\uFFFD[0m\uFFFD  next\uFFFD\n", Write(table, 80));
    }

    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "long…")]
    [InlineData("数数数", 4, "数…")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301…")]
    public void Text_is_cut_by_columns_not_by_characters(string text, int width, string expected) => Assert.Equal(expected, Plain.Fit(text, width));

    private static string Write(ResultTable table, int? width)
    {
        using var bytes = new MemoryStream();
        using (var terminal = new Terminal(bytes, new StringWriter()) { Width = width })
            table.Write(terminal);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
