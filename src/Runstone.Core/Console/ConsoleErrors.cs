using System.Globalization;
using Runstone.Core.Errors;

namespace Runstone.Core.Console;

/// <summary>The console of the run has as much as is kept of one.</summary>
public sealed record ConsoleFull(string RunId, long Bytes) : Error(
    ErrorCode.TooLarge,
    string.Create(
        CultureInfo.InvariantCulture,
        $"The console of run {RunId} has {Bytes} bytes, and with these lines it would have more than {ConsoleLimits.MaxBytes}, the most that is kept. Log large output as a file."),
    "console");
