namespace Runstone.Server.Hosting;

/// <summary>
/// The loggers of the store, which is opened before there is a server: they write to the console at first and, once the server
/// is built, wherever it logs.
/// </summary>
internal sealed class StorageLoggers : ILoggerFactory
{
    private readonly Lock _lock = new();
    private readonly List<Logger> _loggers = [];
    private ILoggerFactory? _console;
    private ILoggerFactory _target;

    public StorageLoggers(ServerOptions options) =>
        _target = _console = LoggerFactory.Create(logging => ServerLogging.Configure(logging, options));

    public ILogger CreateLogger(string categoryName)
    {
        lock (_lock)
        {
            var logger = new Logger(categoryName) { Target = _target.CreateLogger(categoryName) };
            _loggers.Add(logger);
            return logger;
        }
    }

    public void Connect(ILoggerFactory target)
    {
        lock (_lock)
        {
            _target = target;
            foreach (var logger in _loggers)
                logger.Target = target.CreateLogger(logger.Category);
            _console?.Dispose();
            _console = null;
        }
    }

    public void AddProvider(ILoggerProvider provider) => _target.AddProvider(provider);

    public void Dispose() => _console?.Dispose();

    private sealed class Logger(string category) : ILogger
    {
        private volatile ILogger _target = null!;

        public string Category => category;

        public ILogger Target
        {
            set => _target = value;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _target.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => _target.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _target.Log(logLevel, eventId, state, exception, formatter);
    }
}
