namespace Runstone.Cli.Diagnosis;

/// <summary>One line of <c>runstone doctor</c>.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Level">"ok", "warn" or "fail".</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do; absent when nothing has to be done.</param>
internal sealed record Finding(string Check, string Level, string Message, string? Advice = null)
{
    public const string OkLevel = "ok";
    public const string WarnLevel = "warn";
    public const string FailLevel = "fail";

    public static Finding Ok(string check, string message) => new(check, OkLevel, message);

    public static Finding Warn(string check, string message, string advice) => new(check, WarnLevel, message, advice);

    public static Finding Fail(string check, string message, string advice) => new(check, FailLevel, message, advice);
}
