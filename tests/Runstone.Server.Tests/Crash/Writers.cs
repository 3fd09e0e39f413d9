using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Tests.Crash;

/// <summary>Writes to one run until the server is gone; what was acknowledged is recorded after the answer arrived.</summary>
internal abstract class Writer(HttpClient client, AcknowledgedWrites writes, Action acknowledged)
{
    protected AcknowledgedWrites Writes => writes;

    public async Task RunAsync()
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await WriteAsync(i);
                acknowledged();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // The server was killed.
        }
    }

    protected abstract Task WriteAsync(int number);

    protected async Task LogAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"/api/v1/runs/{writes.RunId}/log", content);
        Assert.Equal(200, (int)response.StatusCode);
        await response.Content.ReadAsByteArrayAsync();
    }

    protected async Task PutAsync(string path, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        using var response = await client.PutAsync($"/api/v1/runs/{writes.RunId}/artifacts/{path}", content);
        Assert.Equal(200, (int)response.StatusCode);
        await response.Content.ReadAsByteArrayAsync();
    }
}

/// <summary>One point a request, any finite bits.</summary>
internal sealed class PointWriter(HttpClient client, AcknowledgedWrites writes, Action acknowledged) : Writer(client, writes, acknowledged)
{
    protected override async Task WriteAsync(int number)
    {
        double value;
        do
            value = BitConverter.Int64BitsToDouble(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)));
        while (!double.IsFinite(value));
        await LogAsync($$$"""{"metrics":{"keys":["single"],"key":[0],"step":[{{{number}}}],"value":[{{{JsonSerializer.Serialize(value)}}}]}}""");
        Writes.Points[number] = BitConverter.DoubleToInt64Bits(value);
    }
}

/// <summary>A param, a tag and many points in one request: all of it or nothing must be found.</summary>
internal sealed class BatchWriter(HttpClient client, AcknowledgedWrites writes, Action acknowledged) : Writer(client, writes, acknowledged)
{
    public const int PointsPerBatch = 200;

    protected override async Task WriteAsync(int number)
    {
        var zeros = string.Join(',', Enumerable.Repeat(0, PointsPerBatch));
        var steps = string.Join(',', Enumerable.Range(number * PointsPerBatch, PointsPerBatch));
        await LogAsync($$$"""{"params":{"p{{{number}}}":"v"},"tags":{"t{{{number}}}":"v"},"metrics":{"keys":["batch"],"key":[{{{zeros}}}],"step":[{{{steps}}}],"value":[{{{steps}}}]}}""");
        Writes.Batches[number] = true;
    }
}

/// <summary>A tag that changes again and again, and new ones.</summary>
internal sealed class TagWriter(HttpClient client, AcknowledgedWrites writes, Action acknowledged) : Writer(client, writes, acknowledged)
{
    protected override async Task WriteAsync(int number)
    {
        await LogAsync($$$"""{"tags":{"own{{{number}}}":"{{{number}}}"}}""");
        Writes.Tags[$"own{number}"] = $"{number}";
    }
}

/// <summary>Files of up to 200 kB.</summary>
internal sealed class ArtifactWriter(HttpClient client, AcknowledgedWrites writes, Action acknowledged) : Writer(client, writes, acknowledged)
{
    protected override async Task WriteAsync(int number)
    {
        var bytes = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(200_000));
        var path = $"f{number % 7}/{number}.bin";
        await PutAsync(path, bytes);
        Writes.Artifacts[path] = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
