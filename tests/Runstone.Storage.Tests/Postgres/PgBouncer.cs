using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Runstone.Storage.Tests.Postgres;

/// <summary>A pooler that gives a connection for a transaction only, before the server of the tests. Started once a process.</summary>
internal static class PgBouncer
{
    private static readonly Lazy<Task<int>> Started = new(StartAsync);

    /// <summary>The same database through the pooler. Skips the test where there is no pgbouncer and none can be installed.</summary>
    public static async Task<string> ThroughAsync(string connectionString)
    {
        if (!File.Exists("/usr/sbin/pgbouncer") && Environment.UserName is not "root")
            Assert.Skip("pgbouncer is not installed.");
        return new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = await Started.Value }.ConnectionString;
    }

    private static async Task<int> StartAsync()
    {
        if (!File.Exists("/usr/sbin/pgbouncer"))
            await RunAsync("apt-get", "install", "-y", "--no-install-recommends", "pgbouncer");
        var port = FreePort();
        var folder = Directory.CreateTempSubdirectory("runstone-pgbouncer-");
        var file = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(file, Settings(port));
        var start = new ProcessStartInfo("/usr/sbin/pgbouncer") { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        if (Environment.UserName is "root")
        {
            // It refuses to run as root.
            await RunAsync("chown", "-R", "postgres", folder.FullName);
            start.ArgumentList.Add("-u");
            start.ArgumentList.Add("postgres");
        }

        start.ArgumentList.Add("-q");
        start.ArgumentList.Add(file);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(process, folder);
        await WaitAsync(port, process);
        return port;
    }

    private static string Settings(int port)
    {
        var server = new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString("postgres"));
        return $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 4
            max_client_conn = 500
            server_idle_timeout = 5
            ignore_startup_parameters = extra_float_digits
            """;
    }

    private static async Task WaitAsync(int port, Process process)
    {
        while (!process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Yield();
            }
        }

        throw new InvalidOperationException($"pgbouncer ended with {process.ExitCode}.");
    }

    private static void Stop(Process process, DirectoryInfo folder)
    {
        if (!process.HasExited)
            process.Kill();
        folder.Delete(recursive: true);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
