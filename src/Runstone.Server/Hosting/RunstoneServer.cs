using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Runstone.Server.Hosting;

/// <summary>Builds and runs the server; used by its own program, by <c>runstone serve</c> and by tests.</summary>
public static partial class RunstoneServer
{
    /// <summary>The version of the server, without the commit.</summary>
    public static string Version { get; } = typeof(RunstoneServer).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Reads the options, runs until it is told to stop and returns the exit code. Messages go to the console.</summary>
    /// <param name="args">The command line of the server.</param>
    /// <param name="program">What people type to start it, for the help text.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, string program = "Runstone.Server", CancellationToken cancellationToken = default)
    {
        var read = ServerOptionsReader.Read(args, Environment.GetEnvironmentVariables(), Directory.GetCurrentDirectory());
        if (read.Help)
        {
            await Console.Out.WriteLineAsync(ServerOptionsReader.HelpText(program));
            return ExitCodes.Stopped;
        }

        if (read.Options is null)
        {
            foreach (var error in read.Errors)
                await Console.Error.WriteLineAsync(error);
            return ExitCodes.WrongOptions;
        }

        try
        {
            await RunAsync(read.Options, cancellationToken);
            return ExitCodes.Stopped;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it listened.
            return ExitCodes.Stopped;
        }
        catch (StartFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.ExitCode;
        }
    }

    /// <summary>
    /// Opens the store and builds the server, not yet listening. Throws <see cref="StartFailure"/> when the store cannot be used.
    /// Disposing the application writes what is queued and closes the store.
    /// </summary>
    public static async Task<WebApplication> BuildAsync(
        ServerOptions options, Action<WebApplicationBuilder>? configure = null, CancellationToken cancellationToken = default)
    {
        var storage = await ServerStorage.OpenAsync(options, cancellationToken);
        try
        {
            var builder = CreateBuilder(options);
            ServerServices.Add(builder.Services, options, storage);
            configure?.Invoke(builder);
            var app = builder.Build();

            // Made before anything that writes, and therefore disposed after it.
            app.Services.GetRequiredService<ServerStorage>().LogTo(app.Services.GetRequiredService<ILoggerFactory>());

            // Otherwise it would start with the first question for it.
            app.Services.GetRequiredService<ServerClock>();
            ServerPipeline.Map(app);
            return app;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins to listen and returns the address, for example <c>http://127.0.0.1:5000</c>. Throws <see cref="StartFailure"/>.</summary>
    public static async Task<string> StartAsync(WebApplication app, ServerOptions options, CancellationToken cancellationToken = default)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartFailure(ExitCodes.CannotListen, $"Port {options.Port} of {options.Host} is in use by another program. Stop that program, or choose another port with --port <n> (0 picks a free one).", e);
        }
        catch (SocketException e)
        {
            throw new StartFailure(ExitCodes.CannotListen, $"Cannot listen on port {options.Port} of {options.Host}: {e.Message}. Choose another port with --port <n> (0 picks a free one).", e);
        }

        return app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
    }

    private static async Task RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals(cancellationToken);
        await using var app = await BuildAsync(options, cancellationToken: signals.Token);
        var address = await StartAsync(app, options, signals.Token);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RunstoneServer).FullName!);
        if (options.JsonLog)
            LogListening(logger, address, Version);
        else
            await Console.Out.WriteLineAsync(StartText.Of(address, options, app.Services.GetRequiredService<ServerStorage>().Places));
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var asked = signals.Token.Register(stop.SetResult);
        await stop.Task;
        await DrainAsync(app, options, logger);
        await app.StopAsync(CancellationToken.None);
    }

    /// <summary>Gives whoever sends requests here the time to notice that this node goes, and to go elsewhere.</summary>
    private static async Task DrainAsync(WebApplication app, ServerOptions options, ILogger logger)
    {
        app.Services.GetRequiredService<ServerDrain>().Begin();
        if (options.DrainTime <= TimeSpan.Zero)
            return;
        if (options.JsonLog)
            LogStopping(logger, options.DrainTime.TotalSeconds);
        else
            await Console.Out.WriteLineAsync($"Stopping: requests are answered for {options.DrainTime.TotalSeconds:0} s more. Ctrl+C again ends it at once.");
        await Task.Delay(options.DrainTime, app.Services.GetRequiredService<TimeProvider>());
    }

    [LoggerMessage(2201, LogLevel.Information, "Listening on {Address}, version {Version}.")]
    private static partial void LogListening(ILogger logger, string address, string version);

    [LoggerMessage(2202, LogLevel.Information, "Stopping: requests are answered for {Seconds} s more.")]
    private static partial void LogStopping(ILogger logger, double seconds);

    private static WebApplicationBuilder CreateBuilder(ServerOptions options)
    {
        // Nothing of the framework's own configuration: the only sources of settings are the documented ones.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(RunstoneServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = HostGuard.MaxBodySize;
            kestrel.Limits.MaxRequestLineSize = 64 << 10;
            kestrel.Listen(new IPEndPoint(options.Host, options.Port), listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        ServerLogging.Configure(builder.Logging, options);
        Telemetry.Add(builder, options);
        return builder;
    }
}
