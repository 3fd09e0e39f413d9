using System.Net.Http.Headers;
using System.Text;
using Parquet;
using Runstone.Core.Runs;

namespace Runstone.Server.Tests.Api;

public sealed class RunExportEndpointTests
{
    private const string Columns = "\"name\",\"start_time\",\"duration\",\"metrics.loss\",\"params.text\",\"name\",\"children\",\"tags.none\"";

    [Fact]
    public async Task A_search_is_written_as_csv()
    {
        await using var server = await RunningServer.StartAsync();
        await FillAsync(server);

        var (media, bytes) = await ExportAsync(server, "", $$"""{"orderBy":["start_time"],"columns":[{{Columns}}]}""");

        Assert.Equal("text/csv", media.MediaType);
        Assert.Equal(
            """"
            run_id,name,start_time,duration,metrics.loss,params.text,children,tags.none
            r-1,plain,1970-01-01T00:00:00.001Z,,NaN,"two
            lines",0,
            r-0,"a, ""b""",2023-11-14T22:13:20.123Z,1000,0.1,"",1,

            """".Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal).Replace("two\r\n", "two\n", StringComparison.Ordinal),
            Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task A_search_is_written_as_parquet()
    {
        await using var server = await RunningServer.StartAsync();
        await FillAsync(server);

        var (media, bytes) = await ExportAsync(server, "?format=parquet", $$"""{"orderBy":["start_time"],"columns":[{{Columns}}]}""");

        Assert.Equal("application/vnd.apache.parquet", media.MediaType);
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        Assert.Equal<string[]>(["run_id", "name", "start_time", "duration", "metrics.loss", "params.text", "children", "tags.none"], [.. reader.Schema.DataFields.Select(f => f.Name)]);
        Assert.Equal(1, reader.RowGroupCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=parquet")]
    public async Task No_runs_are_a_file_without_rows(string format)
    {
        await using var server = await RunningServer.StartAsync();

        var (_, bytes) = await ExportAsync(server, format, """{"filter":"name = 'nobody'"}""");

        if (format.Length == 0)
        {
            Assert.Equal("run_id\r\n", Encoding.UTF8.GetString(bytes));
            return;
        }

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(bytes));
        Assert.Equal(0, reader.RowGroupCount);
    }

    [Theory]
    [InlineData("?format=xlsx", "{}", "format", "csv or parquet")]
    [InlineData("", """{"columns":["nothing"]}""", "columns", "Column of a table, column 1")]
    [InlineData("", """{"filter":"metrics.loss <"}""", "filter", "Filter, column 15")]
    [InlineData("", """{"orderBy":["children"]}""", "orderBy", "Order, column 1")]
    [InlineData("", """{"within":[{"field":"nothing"}]}""", "within", "Field of a group, column 1")]
    [InlineData("", """{"limit":5}""", "limit", "limit")]
    public async Task What_is_wrong_is_named(string format, string request, string field, string reason)
    {
        await using var server = await RunningServer.StartAsync();

        var refused = await server.PostAsync("/runs/export" + format, request);

        Assert.Equal((400, field), (refused.Status, refused.Field));
        Assert.Contains(reason, refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_runs_than_a_stretch_are_all_written_once()
    {
        await using var server = await RunningServer.StartAsync();
        const int Runs = 205;

        // With so many columns a stretch has two hundred runs.
        var columns = string.Join(',', Enumerable.Range(0, 9_999).Select(i => $"\"metrics.m{i}\""));
        Assert.Equal(200, RunTable.MaxCells / 10_000);
        for (var i = 0; i < Runs; i++)
            await server.NewRunAsync($"r-{i:D3}");

        var (_, bytes) = await ExportAsync(server, "", $$"""{"columns":[{{columns}}],"orderBy":["run_id"]}""");

        Assert.Equal<string[]>([.. Enumerable.Range(0, Runs).Select(i => $"r-{i:D3}")], [.. Encoding.UTF8.GetString(bytes).Split("\r\n")[1..^1].Select(l => l.TrimEnd(','))]);
    }

    private static async Task<(MediaTypeHeaderValue Media, byte[] Bytes)> ExportAsync(RunningServer server, string format, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync("/api/v1/runs/export" + format, content);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.StartsWith("attachment; filename=runs.", response.Content.Headers.ContentDisposition!.ToString().Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        return (response.Content.Headers.ContentType!, await response.Content.ReadAsByteArrayAsync());
    }

    private static async Task FillAsync(RunningServer server)
    {
        await server.PostAsync("/runs", """{"experiment":"e","id":"r-0","name":"a, \"b\"","startTime":1700000000123}""");
        await server.PostAsync("/runs/r-0/log", """{"params":{"text":""},"metrics":{"keys":["loss"],"key":[0],"step":[1],"time":[5],"value":[0.1]}}""");
        await server.PatchAsync("/runs/r-0", """{"status":"finished","endTime":1700000001123}""");
        await server.PostAsync("/runs", """{"experiment":"e","id":"r-1","name":"plain","startTime":1,"parentId":"r-0"}""");
        await server.PostAsync("/runs/r-1/log", """{"params":{"text":"two\nlines"},"metrics":{"keys":["loss"],"key":[0],"step":[1],"time":[5],"value":["NaN"]}}""");
    }
}
