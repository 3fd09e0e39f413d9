using System.IO.Compression;

namespace Runstone.Server.Tests.Api;

public sealed class RowEndpointTests
{
    [Fact]
    public async Task Rows_of_a_table_are_read()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/d/a%20b.csv", new StringContent("id,note\n1,x\n2\n3,é"));
        await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/b.jsonl", new StringContent("{\"a\":1e400,\"b\":[1,{}]}\n{\"b\":true}\n{"));
        await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/c.npy", new ByteArrayContent([0x93, .. "NUMPY\u0001\0"u8, 58, 0, .. "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n"u8, .. new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x7F }]));

        Assert.Equal(
            """{"format":"csv","columns":[{"name":"id","type":"number"},{"name":"note","type":"text"}],"offset":1,"rows":[["2"],["3","\u00E9"]],"hasMore":false,"total":3,"remarks":["Line 3 has 1 values, the first line 2."]}""",
            (await server.GetAsync($"/runs/{run}/rows/d/a%20b.csv?offset=1")).Json.GetRawText());
        var lines = (await server.GetAsync($"/runs/{run}/rows/b.jsonl?limit=1")).Json;
        Assert.Equal(("""[[1e400,[1,{}]]]""", true), (lines.GetProperty("rows").GetRawText(), lines.GetProperty("hasMore").GetBoolean()));
        Assert.Equal("""[["NaN"]]""", (await server.GetAsync($"/runs/{run}/rows/c.npy")).Json.GetProperty("rows").GetRawText());

        await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/long.json", new StringContent("""[{"a":9007199254740991,"b":-9007199254740992,"c":[9007199254740993],"d":12345678901234567890}]"""));
        Assert.Equal(
            """[[9007199254740991,"-9007199254740992",[9007199254740993],"12345678901234567890"]]""",
            (await server.GetAsync($"/runs/{run}/rows/long.json")).Json.GetProperty("rows").GetRawText());

        Assert.Equal((400, "path"), await SeenAsync($"/runs/{run}/rows/b.jsonl"));
        Assert.Equal((400, "offset"), await SeenAsync($"/runs/{run}/rows/b.jsonl?offset=-1"));
        Assert.Equal((400, "limit"), await SeenAsync($"/runs/{run}/rows/b.jsonl?limit=1001"));
        Assert.Equal((400, "path"), await SeenAsync($"/runs/{run}/rows/d/%2e%2e/b.jsonl"));
        Assert.Equal((404, "path"), await SeenAsync($"/runs/{run}/rows/gone.csv"));
        Assert.Equal((404, "runId"), await SeenAsync("/runs/none/rows/a.csv"));

        Assert.Equal((400, "entry"), await SeenAsync($"/runs/{run}/rows/d/a%20b.csv?entry=x"));

        async Task<(int, string?)> SeenAsync(string path)
        {
            var answer = await server.GetAsync(path);
            return (answer.Status, answer.Field);
        }
    }

    [Fact]
    public async Task Arrays_of_an_archive_are_listed_and_read_by_name()
    {
        await using var server = await RunningServer.StartAsync();
        var run = await server.NewRunAsync();
        var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = await zip.CreateEntry("a b.npy").OpenAsync();
            await entry.WriteAsync((byte[])[0x93, .. "NUMPY\u0001\0"u8, 58, 0, .. "{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n"u8, 7, 0, 8, 0]);
        }

        await server.Client.PutAsync($"/api/v1/runs/{run}/artifacts/a.npz", new ByteArrayContent(archive.ToArray()));

        var list = (await server.GetAsync($"/runs/{run}/rows/a.npz")).Json;
        Assert.Equal("""[["a b.npy","\u003Ci2","(2,)",72]]""", list.GetProperty("rows").GetRawText());
        Assert.Equal("npz", list.GetProperty("format").GetString());
        var rows = (await server.GetAsync($"/runs/{run}/rows/a.npz?entry=a%20b.npy&offset=1")).Json;
        Assert.Equal(("[[8]]", "npy"), (rows.GetProperty("rows").GetRawText(), rows.GetProperty("format").GetString()));
        var gone = await server.GetAsync($"/runs/{run}/rows/a.npz?entry=gone");
        Assert.Equal((404, "entry"), (gone.Status, gone.Field));
    }
}
