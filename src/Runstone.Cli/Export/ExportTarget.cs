using System.Text;
using Runstone.Cli.Errors;

namespace Runstone.Cli.Export;

/// <summary>Where an export goes: standard output, or a file that appears under its name once it is complete.</summary>
internal sealed class ExportTarget : IAsyncDisposable
{
    private readonly string? _path;
    private readonly bool _replace;

    private ExportTarget(string? path, bool replace, TextWriter writer) => (_path, _replace, Writer) = (path, replace, writer);

    public TextWriter Writer { get; }

    /// <param name="path">The file; null or "-" for standard output.</param>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <param name="terminal">Standard output.</param>
    public static ExportTarget Open(string? path, bool replace, Terminal terminal)
    {
        if (path is null or "-")
            return new ExportTarget(null, replace, terminal.Out);
        if (Directory.Exists(path))
            throw CommandException.Usage($"--output: '{path}' is a folder; name a file in it.");
        if (File.Exists(path) && !replace)
            throw new CommandException(ExitCode.Failure, $"--output: '{path}' is there already; name another file, or replace it with --force.");
        var file = new FileStream(Part(path), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        return new ExportTarget(path, replace, new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 15));
    }

    /// <summary>Puts the file in place.</summary>
    public async Task CommitAsync()
    {
        await Writer.FlushAsync();
        if (_path is null)
            return;
        await Writer.DisposeAsync();
        File.Move(Part(_path), _path, _replace);
    }

    /// <summary>Removes what is not complete.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_path is null)
            return;
        await Writer.DisposeAsync();
        File.Delete(Part(_path));
    }

    private static string Part(string path) => path + ".part";
}
