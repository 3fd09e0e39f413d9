using Microsoft.Extensions.Logging.Abstractions;
using Runstone.Cli.Errors;
using Runstone.Core.Errors;
using Runstone.Storage.Administration;

namespace Runstone.Cli.Commands.Admin;

/// <summary>Runs the work of an administrator, shows how far it is, and says how to go on when it was stopped.</summary>
internal sealed class AdminWork(Terminal terminal)
{
    /// <param name="quiet">Whether nobody looks at progress.</param>
    /// <param name="stopped">What to say when it is stopped before the end.</param>
    /// <param name="work">The work.</param>
    public async Task<T> RunAsync<T>(bool quiet, string stopped, Func<StoreAdministration, IProgress<AdminProgress>?, Task<T>> work)
    {
        try
        {
            var administration = new StoreAdministration(terminal.Time, NullLoggerFactory.Instance);
            return await new AdminBars(terminal).RunAsync(quiet, progress => work(administration, progress));
        }
        catch (OperationCanceledException)
        {
            terminal.Remark(stopped);
            throw;
        }
        catch (RunstoneException e)
        {
            throw new CommandException(CodeOf(e.Error.Code), e.Message, e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CommandException(ExitCode.Unreachable, $"{e.Message} Give yourself the right to read and write there, look at the disk, and run the same command again.", e);
        }
    }

    private static int CodeOf(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => ExitCode.NotFound,
        ErrorCode.Invalid => ExitCode.Usage,
        ErrorCode.Unavailable or ErrorCode.Busy => ExitCode.Unreachable,
        _ => ExitCode.Refused,
    };
}
