using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Runstone.Core.Errors;
using Runstone.Formats.Tables;

namespace Runstone.Formats.Tests.Tables;

public sealed class TablePreviewTests
{
    [Fact]
    public async Task Values_of_csv_are_the_texts_of_the_file_and_columns_have_types()
    {
        var page = await ReadAsync("a.csv", "\uFEFFid,note,score\r\n1,\"a, \"\"b\"\"\nc\",1.50\r\n\r\n2,,\r\n");
        Assert.Equal([new("id", TableType.Number), new("note", TableType.Text), new("score", TableType.Number)], page.Columns);
        Assert.Equal("1|a, \"b\"\nc|1.50;2||", Shown(page));
        Assert.Equal(("csv", false, 2L), (page.Format, page.HasMore, page.Total));
        Assert.Empty(page.Remarks);
    }

    [Theory]
    [InlineData("a.csv", "a;b\n1,5;2", "1,5|2")]
    [InlineData("a.csv", "a\tb\n1,5\t2", "1,5|2")]
    [InlineData("a.tsv", "a\tb,c\r1\t2,3\r", "1|2,3")]
    [InlineData("a.csv", "a\n\"\"\nx", ";x")]
    public async Task Separators_and_line_ends_differ(string name, string text, string shown) => Assert.Equal(shown, Shown(await ReadAsync(name, text)));

    [Fact]
    public async Task Pages_of_csv_follow_one_another_and_types_do_not_change()
    {
        var text = new StringBuilder("n,t\n");
        for (var i = 0; i < 950; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},{(i < 900 ? "7" : "x")}\n");
        var first = await ReadAsync("a.csv", text.ToString(), 0, 10);
        var last = await ReadAsync("a.csv", text.ToString(), 945, 10);
        Assert.Equal((true, 950L, "0|7"), (first.HasMore, first.Total, Shown(first)[..3]));
        Assert.Equal((false, 950L, "945|x;946|x;947|x;948|x;949|x"), (last.HasMore, last.Total, Shown(last)));
        Assert.Equal([TableType.Number, TableType.Text], first.Columns.Select(c => c.Type));
        Assert.Equal(first.Columns, last.Columns);
        Assert.Empty((await ReadAsync("a.csv", text.ToString(), 5000, 10)).Rows);
    }

    [Fact]
    public async Task Lines_of_another_length_are_remarked()
    {
        var page = await ReadAsync("a.csv", "a,b\n1\n1,2,3\n");
        Assert.Equal("1;1|2|3", Shown(page));
        Assert.Equal(3, page.Columns.Count);
        Assert.Equal(["Line 2 has 1 values, the first line 2.", "Line 3 has 3 values, the first line 2."], page.Remarks);
    }

    [Theory]
    [InlineData("a.csv", "a,b\n1,2\n3,\"x", "line 3: a quote is opened and never closed.")]
    [InlineData("a.csv", "a,b\n\"1\n\"x,2", "line 3: text follows a closing quote; a quote inside of a value is written twice.")]
    [InlineData("a.jsonl", "{\"a\":1}\n\n{\"a\":}\n", "line 3: it is no JSON from byte 6 on.")]
    [InlineData("a.jsonl", "{\"a\":\"\\ud800\"}", "line 1: it holds a text that is not well-formed Unicode.")]
    [InlineData("a.json", "[1,\n2,", "line 2: it is no JSON")]
    [InlineData("a.json", "{\"a\":1}", "neither an array of rows nor an object with 'columns' and 'data'")]
    [InlineData("a.json", "{\"columns\":[\"a\"],\"data\":[[1],[2,3]]}", "row 1 of 'data' is no array of 1 values.")]
    [InlineData("a.npy", "NUMPY", "does not begin as a .npy file does")]
    [InlineData("a.bin", "", "its name does not end with .csv, .tsv, .jsonl, .ndjson, .json, .npy or .npz")]
    public async Task What_cannot_be_read_is_said_with_its_line(string name, string text, string said)
    {
        var e = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync(name, text));
        Assert.Equal((ErrorCode.Invalid, "path"), (e.Error.Code, e.Error.Field));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_a_line_are_rows_of_all_their_members()
    {
        var page = await ReadAsync("a.jsonl", "{\"a\":1.50,\"b\":\"x\"}\n{\"b\":null,\"c\":[1, 2],\"a\":\"y\"}\r\n7\n");
        Assert.Equal([new("a", TableType.Mixed), new("b", TableType.Text), new("c", TableType.Mixed), new("value", TableType.Number)], page.Columns);
        Assert.Equal("1.50|x;y||[1, 2];|||7", Shown(page));
        Assert.Equal("3", Shown(await ReadAsync("a.ndjson", "1\n2\n3", 2, 5)));
        Assert.Equal((true, 3L), ((await ReadAsync("a.ndjson", "1\n2\n3", 0, 2)).HasMore, (await ReadAsync("a.ndjson", "1\n2\n3", 0, 2)).Total));
    }

    [Theory]
    [InlineData("""[{"a":1},{"a":2,"b":true}]""", "1;2|True")]
    [InlineData("""{"columns":["x","y"],"index":[0,1],"data":[[1,"a"],[2,null]]}""", "1|a;2|")]
    public async Task Json_tables_have_two_forms(string text, string shown) => Assert.Equal(shown, Shown(await ReadAsync("a.json", text)));

    [Theory]
    [InlineData("<f8", "(2, 2)", "0000000000000840000000000000F07F000000000000F8FF0000000000000000", "3|∞;NaN|0")]
    [InlineData(">i2", "(3,)", "0001FFFF7FFF", "1;-1;32767")]
    [InlineData("<f4", "(1, 1, 2)", "CDCCCC3D0000803F", "0.1|1")]
    [InlineData("|b1", "(2,)", "0100", "True;False")]
    [InlineData("<c8", "(1,)", "CDCCCC3D000080BF", "0.1-1j")]
    [InlineData(">c16", "(1,)", "3FF00000000000004000000000000000", "1+2j")]
    [InlineData("<U2", "(2,)", "61000000620000007A00000000000000", "ab;z")]
    [InlineData("<u8", "()", "FFFFFFFFFFFFFFFF", "18446744073709551615")]
    public async Task Arrays_are_read_by_their_first_axis(string code, string shape, string data, string shown) =>
        Assert.Equal(shown, Shown(await ReadAsync("a.npy", Npy(code, "False", shape, Convert.FromHexString(data)))));

    [Theory]
    [InlineData("(2, 3)", "000102030405", "0|2|4;1|3|5")]
    [InlineData("(2, 1, 3)", "000102030405", "0|2|4;1|3|5")]
    [InlineData("(1, 2, 3)", "000102030405", "0|2|4|1|3|5")]
    public async Task Arrays_in_the_order_of_columns_are_turned(string shape, string data, string shown)
    {
        var bytes = Npy("|u1", "True", shape, Convert.FromHexString(data));
        Assert.Equal(shown, Shown(await ReadAsync("a.npy", bytes)));
        Assert.Equal(shown.Split(';')[^1], Shown(await ReadAsync("a.npy", bytes, shown.Split(';').Length - 1)));
    }

    [Fact]
    public async Task Long_arrays_in_the_order_of_columns_are_not_turned()
    {
        var e = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync("a.npy", Npy("|u1", "True", "(2, 9000000)", new byte[18_000_000])));
        Assert.Contains("at most 10000 are shown", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync("a.npy", Npy("|u1", "True", "(9000000, 2)", new byte[18_000_000])));
        Assert.Contains("fortran_order", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_row_of_an_array_is_read_where_it_lies()
    {
        var bytes = Npy("|u1", "False", "(100, 2, 2)", [.. Enumerable.Range(0, 400).Select(i => (byte)i)]);
        var page = await ReadAsync("a.npy", bytes, 10, 1);
        Assert.Equal(("40|41|42|43", true, 100L), (Shown(page), page.HasMore, page.Total));
        Assert.Equal("0,0 0,1 1,0 1,1", string.Join(' ', page.Columns.Select(c => c.Name)));
        Assert.Empty((await ReadAsync("a.npy", bytes, 1000, 5)).Rows);
    }

    [Theory]
    [InlineData("<f8", "False", "(3,)", "its header and its size do not agree")]
    [InlineData("<f8", "False", "(9999999999, 9999999999)", "more values than there can be")]
    [InlineData("<M8[s]", "False", "(1,)", "not one of an array of plain values")]
    [InlineData("<f3", "False", "(1,)", "values of type '<f3' are not shown")]
    [InlineData("<f8", "False", "(0, 99999999999999999999)", "a size of its shape is no number")]
    [InlineData("<f8", "False", "(0, 99999)", "at most 10000 are shown")]
    public async Task Arrays_that_cannot_be_shown_say_why(string code, string order, string shape, string said)
    {
        var size = shape.StartsWith("(0", StringComparison.Ordinal) ? 0 : 8;
        var e = await Assert.ThrowsAsync<RunstoneException>(() => ReadAsync("a.npy", Npy(code, order, shape, new byte[size])));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_cells_are_cut_and_long_pages_end_early()
    {
        var cut = (string)(await ReadAsync("a.csv", "a\n" + new string('x', 100_000))).Rows[0][0]!;
        Assert.Equal((8193, '…'), (cut.Length, cut[^1]));
        var page = await ReadAsync("a.csv", "a\n" + string.Join('\n', Enumerable.Repeat(new string('x', 9000), 1000)), 0, 1000);
        Assert.InRange(page.Rows.Count, 500, 600);
        Assert.True(page.HasMore);
        var lines = await ReadAsync("a.jsonl", string.Join('\n', Enumerable.Repeat('"' + new string('x', 9000) + '"', 1000)), 0, 1000);
        Assert.InRange(lines.Rows.Count, 500, 600);
        Assert.True(lines.HasMore);
    }

    [Fact]
    public void Csv_is_read_back_as_it_was_written() =>
        Gen.Select(Gen.String[Gen.Char["ab,;\"\n\r\t é"], 0, 6].Array[2, 4].Array[1, 8], Gen.Int[0, 3], Gen.Int[1, 9]).Sample((rows, offset, limit) =>
        {
            var width = rows[0].Length;
            var table = rows.Select(r => Enumerable.Range(0, width).Select(i => i < r.Length ? r[i] : "").ToArray()).ToArray();
            var text = string.Join("\r\n", table.Prepend([.. Enumerable.Range(0, width).Select(i => $"c{i}")]).Select(r => string.Join(',', r.Select(v => '"' + v.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'))));
            var page = ReadAsync("a.csv", text, offset, limit).GetAwaiter().GetResult();
            Assert.Equal(table.Skip(offset).Take(limit).Select(r => string.Join('|', r)), page.Rows.Select(r => string.Join('|', r)), StringComparer.Ordinal);
            Assert.Equal(rows.Length, page.Total);
        });

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        var starts = new[] { "", "a,b\n1,\"", "{\"a\":[1,", "[[1,{\"a\":\"", "{\"columns\":[\"a\"],\"data\":[[", "\u0093NUMPY\u0001\0" };
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, starts.Length - 1], Gen.OneOf(Gen.Const("csv"), Gen.Const("tsv"), Gen.Const("jsonl"), Gen.Const("json"), Gen.Const("npy")), Gen.Int[0, 3]).Sample(
            (noise, start, extension, offset) => ReadOrRefuse("a." + extension, [.. Encoding.Latin1.GetBytes(starts[start]), .. noise], offset));
    }

    [Fact]
    public void Any_change_of_an_array_is_read_or_refused()
    {
        var whole = Npy("<U3", "False", "(2, 3)", new byte[72]);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((at, value, length) =>
        {
            var bytes = whole.ToArray();
            bytes[at] = value;
            ReadOrRefuse("a.npy", bytes, 0);
            ReadOrRefuse("a.npy", whole[..length], 0);
        });
    }

    private static void ReadOrRefuse(string name, byte[] bytes, int offset)
    {
        try
        {
            var page = ReadAsync(name, bytes, offset, 5).GetAwaiter().GetResult();
            Assert.InRange(page.Rows.Count, 0, 5);
            Assert.All(page.Rows, r => Assert.InRange(r.Length, 0, page.Columns.Count));
        }
        catch (RunstoneException e)
        {
            Assert.Equal((ErrorCode.Invalid, "path"), (e.Error.Code, e.Error.Field));
        }
    }

    private static byte[] Npy(string code, string order, string shape, byte[] data)
    {
        var header = $"{{'descr': '{code}', 'fortran_order': {order}, 'shape': {shape}, }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. data];
    }

    private static string Shown(TablePage page) => string.Join(';', page.Rows.Select(r => string.Join('|', r.Select(Shown))));

    private static string? Shown(object? cell) => cell switch
    {
        JsonElement json => json.GetRawText(),
        double number => number.ToString(CultureInfo.InvariantCulture).Replace("Infinity", "∞", StringComparison.Ordinal),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture),
    };

    private static Task<TablePage> ReadAsync(string name, string text, long offset = 0, int limit = 100) => ReadAsync(name, Encoding.UTF8.GetBytes(text), offset, limit);

    private static Task<TablePage> ReadAsync(string name, byte[] bytes, long offset = 0, int limit = 100)
    {
        var file = new TableFile(name, bytes.Length, (from, length, _) => Task.FromResult<Stream>(new MemoryStream(bytes, (int)from, (int)(length ?? bytes.Length - from))));
        return TablePreview.ReadAsync(file, null, offset, limit, CancellationToken.None);
    }
}
