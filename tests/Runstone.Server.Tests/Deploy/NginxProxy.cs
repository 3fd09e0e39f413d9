using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Runstone.Server.Tests.Deploy;

/// <summary>
/// The real nginx with <c>deploy/nginx.conf</c> as it is shipped, but for addresses, ports and the places of files. Clients reach
/// it as <c>https://runs.example</c>.
/// </summary>
internal sealed class NginxProxy : IAsyncDisposable
{
    public const string PublicUrl = "https://runs.example";

    private const string Main = """
        daemon off;
        user root;
        worker_processes 2;
        pid {0}/nginx.pid;
        error_log stderr warn;
        events {{ worker_connections 256; }}
        http {{
            default_type application/octet-stream;
            client_body_temp_path {0}/body;
            proxy_temp_path {0}/proxy;
            fastcgi_temp_path {0}/fastcgi;
            uwsgi_temp_path {0}/uwsgi;
            scgi_temp_path {0}/scgi;
            include {0}/runstone.conf;
        }}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runstone-nginx-");
    private readonly X509Certificate2 _certificate;
    private readonly int _port = FreePort();
    private readonly Process _process;
    private readonly Task<string> _errors;

    private NginxProxy(IReadOnlyList<string> nodes)
    {
        _certificate = MakeCertificate();
        File.WriteAllText(Path.Combine(_folder.FullName, "fullchain.pem"), _certificate.ExportCertificatePem());
        using (var key = _certificate.GetRSAPrivateKey()!)
            File.WriteAllText(Path.Combine(_folder.FullName, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder.FullName, "runstone.htpasswd"), "ada:{PLAIN}secret\n");
        File.WriteAllText(Path.Combine(_folder.FullName, "nginx.conf"), string.Format(CultureInfo.InvariantCulture, Main, _folder.FullName));
        File.WriteAllText(Path.Combine(_folder.FullName, "runstone.conf"), Adapt(nodes));
        var start = new ProcessStartInfo(Program!, ["-c", Path.Combine(_folder.FullName, "nginx.conf"), "-e", "stderr"]) { RedirectStandardError = true, UseShellExecute = false };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        Client = NewClient(IPAddress.Loopback);
    }

    private static string? Program { get; } = new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);

    /// <summary>Reaches nginx under the public address.</summary>
    public HttpClient Client { get; }

    /// <summary>The first line of the log, one JSON object; nginx writes it after the answer, so it is waited for.</summary>
    public async Task<string> FirstLogLineAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "runstone.log"), patience.Token);
            if (text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0)
                return text[..end];
            await Task.Yield();
        }
    }

    /// <summary>Without nginx a test is skipped; in CI it fails.</summary>
    public static void Require()
    {
        Assert.False(Program is null && Environment.GetEnvironmentVariable("CI") == "true", "nginx is not installed.");
        Assert.SkipWhen(Program is null, "nginx is not installed.");
    }

    /// <summary>Starts it before the nodes and waits until it listens.</summary>
    public static async Task<NginxProxy> StartAsync(params string[] nodes)
    {
        var proxy = new NginxProxy(nodes);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await proxy.ListensAsync())
        {
            if (proxy._process.HasExited)
                throw new InvalidOperationException(await proxy._errors);
            await timer.WaitForNextTickAsync(limit.Token);
        }

        return proxy;
    }

    /// <summary>A client that reaches nginx from another address of this machine.</summary>
    public HttpClient NewClient(IPAddress from) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _certificate.GetCertHashString(),
        },
    })
    {
        BaseAddress = new Uri(PublicUrl),
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(await _errors);
        _process.Dispose();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Adapt(IReadOnlyList<string> nodes)
    {
        var text = File.ReadAllText(Path.Combine(Root, "deploy", "nginx.conf"));
        string[] shipped = ["10.0.0.11:5000", "10.0.0.12:5000", "10.0.0.13:5000"];
        for (var i = 0; i < shipped.Length; i++)
            text = Replace(text, $"server {shipped[i]} ", i < nodes.Count ? $"server {new Uri(nodes[i]).Authority} " : "# ");
        text = Replace(text, "listen 80;", $"listen 127.0.0.1:{FreePort()};");
        text = Replace(text, "listen 443 ", $"listen 127.0.0.1:{_port} ");
        text = Replace(text, "/etc/ssl/runstone/", $"{_folder.FullName}/");
        text = Replace(text, "/etc/nginx/runstone.htpasswd;", $"{_folder.FullName}/runstone.htpasswd;");
        return Replace(text, "/var/log/nginx/", $"{_folder.FullName}/");
    }

    private static string Replace(string text, string shipped, string here)
    {
        Assert.Contains(shipped, text, StringComparison.Ordinal);
        return text.Replace(shipped, here, StringComparison.Ordinal);
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Runstone.slnx")))
                folder = folder.Parent;
            return folder.FullName;
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=runs.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
