using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Runstone.Server.Hosting;

/// <summary>What the sources of settings say, taken together.</summary>
/// <param name="Options">The options; null when something is wrong or only help was asked for.</param>
/// <param name="Errors">Everything that is wrong, one sentence each.</param>
/// <param name="Help">Help was asked for.</param>
public sealed record ServerOptionsResult(ServerOptions? Options, IReadOnlyList<string> Errors, bool Help);

/// <summary>
/// Reads the options: command line before environment (<c>RUNSTONE__PORT</c>) before <c>runstone.json</c> in the working
/// directory before defaults. Every source is checked in full, so that one start shows all mistakes. No message quotes what may
/// hold a password.
/// </summary>
public sealed class ServerOptionsReader
{
    internal const string EnvironmentPrefix = "RUNSTONE__";
    private const string FileName = "runstone.json";

    private readonly string _workingDirectory;
    private readonly List<string> _errors = [];

    // The key of a setting with its winning text and, for messages, what the source calls it.
    private readonly Dictionary<string, (string Text, string Source)> _values = new(StringComparer.Ordinal);

    private ServerOptionsReader(string workingDirectory) => _workingDirectory = workingDirectory;

    /// <summary>The environment variables that mean something to the server.</summary>
    public static IReadOnlyList<string> Variables { get; } = [.. ServerSetting.All.Select(s => s.Variable)];

    /// <param name="args">The command line.</param>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="workingDirectory">Where <c>runstone.json</c> is looked for, and what relative paths start from.</param>
    public static ServerOptionsResult Read(IReadOnlyList<string> args, IDictionary environment, string workingDirectory) =>
        new ServerOptionsReader(workingDirectory).Read(args, environment);

    internal static string HelpText(string program)
    {
        var text = new StringBuilder($"Usage: {program} [options]\n\n");
        foreach (var setting in ServerSetting.All)
            AppendHelp(text, Usage(setting), setting.Help);
        AppendHelp(text, "--help", "show this text");
        text.Append("\nEach option can also be an environment variable (RUNSTONE__BLOBS_ENDPOINT=https://s3.example: a '-' becomes a '_')\n");
        text.Append("or a member of runstone.json in the working directory ({ \"port\": 5001 }). The command line wins, then the environment,\n");
        text.Append("then the file. Other users of the machine can see a command line: a password belongs in the environment or the file.\n\n");
        return text.Append("Exit codes: 0 stopped, 2 wrong options, 3 cannot listen, 4 storage cannot be used, 1 anything else.").ToString();
    }

    private static void AppendHelp(StringBuilder text, string usage, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"  {usage,-31} {help.Replace("\n", "\n" + new string(' ', 34), StringComparison.Ordinal)}\n");

    private static string Usage(ServerSetting setting) =>
        setting.Placeholder is null ? $"--{setting.Key}" : $"--{setting.Key} <{setting.Placeholder}>";

    private ServerOptionsResult Read(IReadOnlyList<string> args, IDictionary environment)
    {
        if (args.Any(a => a is "--help" or "-h" or "-?"))
            return new ServerOptionsResult(null, [], Help: true);
        ReadFile();
        ReadEnvironment(environment);
        ReadCommandLine(args);
        var options = new ServerOptions { Data = "runstone-data" };
        foreach (var setting in ServerSetting.All)
            options = Apply(options, setting);
        _errors.AddRange(SettingCombinations.Faults(options, key => _values.TryGetValue(key, out var value) ? value.Source : null));
        options = options with { Data = Path.GetFullPath(options.Data, _workingDirectory), Blobs = options.Blobs?.From(_workingDirectory) };
        return new ServerOptionsResult(_errors.Count == 0 ? options : null, _errors, Help: false);
    }

    private ServerOptions Apply(ServerOptions options, ServerSetting setting)
    {
        if (!_values.TryGetValue(setting.Key, out var value))
            return options;
        if (setting.Apply(options, value.Text) is { } changed)
            return changed;
        var fault = setting.Fault?.Invoke(value.Text) ?? $"'{value.Text}' is not allowed";
        _errors.Add($"{value.Source}: {fault}; allowed is {setting.Allowed}.");
        return options;
    }

    private void ReadCommandLine(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            var setting = ServerSetting.All.FirstOrDefault(s => name == $"--{s.Key}");
            if (setting is null)
                _errors.Add($"{Unknown(name, i)}: there is no such option; there are {Names(s => $"--{s.Key}")} and --help.");
            else if (inline is not null)
                _values[setting.Key] = (inline, name);
            else if (setting.Placeholder is null)
                _values[setting.Key] = ("true", name);
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                _values[setting.Key] = (args[++i], name);
            else
                _errors.Add($"{name}: the value is missing; allowed is {setting.Allowed}.");
        }
    }

    // A word that is no option may be a part of a password whose quotes are missing.
    private static string Unknown(string name, int index) =>
        name.StartsWith('-') ? name : string.Create(CultureInfo.InvariantCulture, $"argument {index + 1}");

    private static (string Name, string? Value) Split(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (argument, null) : (argument[..at], argument[(at + 1)..]);
    }

    private void ReadEnvironment(IDictionary environment)
    {
        foreach (DictionaryEntry entry in environment)
        {
            var name = (string)entry.Key;
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            if (ServerSetting.All.FirstOrDefault(s => s.Variable.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } setting)
                _values[setting.Key] = ((string?)entry.Value ?? "", name);
            else
                _errors.Add($"{name}: there is no such setting; there are {Names(s => s.Variable)}.");
        }
    }

    private void ReadFile()
    {
        var path = Path.Combine(_workingDirectory, FileName);
        if (!File.Exists(path))
            return;
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                ReadMembers(path, document.RootElement);
            else
                _errors.Add($"{path}: the file must hold one JSON object, for example {{ \"port\": 5001 }}.");
        }
        catch (JsonException e)
        {
            _errors.Add($"{path}: the file is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _errors.Add($"{path}: the file cannot be read: {e.Message}");
        }
    }

    private void ReadMembers(string path, JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            var key = member.Name.ToLowerInvariant();
            if (ServerSetting.All.All(s => s.Key != key))
                _errors.Add($"{path}: there is no setting '{member.Name}'; there are {Names(s => s.Key)}.");
            else if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                _values[key] = (member.Value.ToString(), $"{path}, {member.Name}");
            else
                _errors.Add($"{path}, {member.Name}: the value must be text, a number, true or false.");
        }
    }

    private static string Names(Func<ServerSetting, string> name) => string.Join(", ", ServerSetting.All.Select(name));
}
