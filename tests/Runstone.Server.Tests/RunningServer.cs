using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Runstone.Server.Hosting;

namespace Runstone.Server.Tests;

/// <summary>
/// The real server on a free port with a store of its own (<see cref="TestStore"/>). Tests run beside each other; each starts one.
/// What the server logged goes to the output of the test. Test projects of other parts link this file.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly Action<WebApplicationBuilder>? _configure;
    private readonly Func<ServerOptions, ServerOptions> _options;
    private readonly bool _ownsStore;
    private readonly ConcurrentQueue<string> _log = new();
    private WebApplication? _app;

    private RunningServer(TestStore store, bool ownsStore, Action<WebApplicationBuilder>? configure, Func<ServerOptions, ServerOptions>? options) =>
        (Store, _ownsStore, _configure, _options) = (store, ownsStore, configure, options ?? (o => o));

    /// <summary>What it keeps its data in.</summary>
    public TestStore Store { get; }

    /// <summary>For example <c>http://127.0.0.1:41234</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>A client whose base address is the server.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>What the server logged so far: warnings and worse.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts a server; on a new store, removed at the end, unless <paramref name="store"/> is one.</summary>
    public static async Task<RunningServer> StartAsync(
        TestStore? store = null, Action<WebApplicationBuilder>? configure = null, Func<ServerOptions, ServerOptions>? options = null)
    {
        var server = new RunningServer(store ?? await TestStore.CreateAsync(), store is null, configure, options);
        await server.BeginAsync();
        return server;
    }

    /// <summary>A service of the server.</summary>
    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>Stops the server as Ctrl+C does and starts it again on the same store, on another port.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await BeginAsync();
    }

    /// <summary>Stops the server as Ctrl+C does; the client stays usable for reading what is under way.</summary>
    public async Task StopAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', _log));
        if (_ownsStore)
            await Store.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        var options = _options(Store.Apply(new ServerOptions { Port = 0, Host = IPAddress.Loopback, Data = "" }));
        _app = await RunstoneServer.BuildAsync(options, Configure);
        Address = await RunstoneServer.StartAsync(_app, options);
        Client = new HttpClient { BaseAddress = new Uri(Address) };
    }

    private async Task EndAsync()
    {
        await StopAsync();
        Client.Dispose();
    }

    private void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new QueueLogger(_log));
        _configure?.Invoke(builder);
    }

    private sealed class QueueLogger(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
