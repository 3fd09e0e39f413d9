using System.Security.Cryptography;
using Runstone.Load.Http;

namespace Runstone.Load.Scenarios;

/// <summary>Artifacts through the proxy: one large file up and down, many small ones up.</summary>
internal static class Files
{
    private const int LargeFile = 256 << 20;
    private const int SmallFile = 4 << 10;
    private const string Proxy = "/api/2.0/mlflow-artifacts/artifacts/";

    public static void Run(Bench bench, double? diskWrite)
    {
        Large(bench, diskWrite);
        foreach (var clients in (int[])[1, 8])
            bench.Rate($"artifacts of 4 KiB up, {Logging.Count(clients)}", "files/s", clients, 1, Small);
    }

    private static void Large(Bench bench, double? diskWrite)
    {
        using var connection = bench.Server.Connect();
        var path = Proxy + bench.Server.NewRun(connection).ArtifactPath;
        var content = RandomNumberGenerator.GetBytes(LargeFile);
        var number = 0;
        bench.Once("artifact of 256 MiB up", "MB/s", () =>
        {
            BitConverter.TryWriteBytes(content, ++number); // new content each time, so that it is really written
            var seconds = Bench.Seconds(() => connection.Exchange(Requests.HeadOf("PUT", $"{path}/large{number}", LargeFile), content, keepBody: true));
            return connection.Status is 200 ? LargeFile / 1e6 / seconds : throw new InvalidOperationException($"Upload: the server answered {connection.Status}");
        }, diskWrite / 1e6, "the limit writes and syncs 64 MiB at a time");
        bench.Once("artifact of 256 MiB down", "MB/s", () =>
        {
            var received = 0L;
            var seconds = Bench.Seconds(() => received = connection.Exchange(Requests.Build("GET", $"{path}/large{number}"), [], keepBody: false));
            return received == LargeFile ? LargeFile / 1e6 / seconds : throw new InvalidOperationException($"Download: {received} bytes came back");
        });
    }

    private static Action Small(Target target, Connection connection, int client)
    {
        var path = Proxy + target.NewRun(connection).ArtifactPath;
        var content = RandomNumberGenerator.GetBytes(SmallFile);
        var number = 0;
        return () =>
        {
            BitConverter.TryWriteBytes(content, ++number);
            connection.Exchange(Requests.HeadOf("PUT", $"{path}/{client}/{number}", SmallFile), content, keepBody: true);
            if (connection.Status != 200)
                throw new InvalidOperationException($"Upload: the server answered {connection.Status}");
        };
    }
}
