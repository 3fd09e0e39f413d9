// <endpoint on loopback> <bucket> [rounds] [MiB]     credentials from the environment
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Runstone.BlobBench;
using Runstone.Storage.S3;

if (args.Length < 2 || !new Uri(args[0]).IsLoopback)
{
    await Console.Error.WriteLineAsync("usage: <endpoint on loopback> <bucket> [rounds, default 3] [MiB, default 1024]");
    return 2;
}

var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 3;
var length = (args.Length > 3 ? long.Parse(args[3], CultureInfo.InvariantCulture) : 1024) << 20;
var prefix = "bench-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
var options = new S3BlobOptions { Bucket = args[1], Prefix = prefix, Endpoint = new Uri(args[0]) };
using var storage = new S3Storage(options, TimeProvider.System);
await using var plain = new PlainStore(options.Endpoint, options.Bucket, prefix + "/plain/");
var table = new Figures();
try
{
    for (var round = 0; round < rounds; round++)
    {
        var sha256 = "";
        await table.MeasureAsync("up, the store", "MB/s", async () => (sha256 = (await storage.Blobs.WriteAsync(new Noise(length), null, default)).Sha256).Length > 0 ? length / 1e6 : 0);
        var (known, seed) = (Noise.Describe(length, round + 1), round + 1);
        await table.MeasureAsync("up, the store, hash known", "MB/s", async () => (await storage.Blobs.WriteAsync(new Noise(length, seed), known, default)).Size / 1e6);
        await table.MeasureAsync("up, plain SDK, two parts at a time", "MB/s", async () => await plain.SendAsync("large", length, options.PartSize) / 1e6);
        await table.MeasureAsync("down, the store", "MB/s", async () =>
        {
            await using var content = (await storage.Blobs.OpenReadAsync(sha256, 0, null, default))!;
            await content.CopyToAsync(Stream.Null);
            return length / 1e6;
        });
        await table.MeasureAsync("down, plain SDK", "MB/s", async () => await plain.ReadAsync("large") / 1e6);
        foreach (var writers in (int[])[1, 8])
        {
            await table.MeasureAsync($"4 KiB, {writers} writers, the store", "objects/s", () => Small.RunAsync(writers, content => storage.Blobs.WriteAsync(content, null, default)));
            await table.MeasureAsync($"4 KiB, {writers} writers, plain SDK", "objects/s", () => Small.RunAsync(writers, plain.PutAsync));
        }
    }
}
finally
{
    await plain.RemoveAllAsync(prefix + "/");
}

Console.WriteLine(table.ToMarkdown());
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Peak memory of this process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB."));
return 0;
