using System.Text.RegularExpressions;

namespace Runstone.Client.Capture;

/// <summary>Hides what looks like a secret in a command line or an address. It errs on the side of hiding.</summary>
internal static partial class SecretMasking
{
    private const string Stars = "***";
    private const int MatchMilliseconds = 1000;

    /// <summary>
    /// The arguments with the values of options whose name speaks of a secret replaced, in the forms <c>--password x</c>,
    /// <c>--password=x</c>, <c>/password:x</c> and <c>NAME_TOKEN=x</c>, and without user names and passwords in addresses.
    /// </summary>
    public static IReadOnlyList<string> Mask(IReadOnlyList<string> arguments)
    {
        var masked = new string[arguments.Count];
        var hideNext = false;
        for (var i = 0; i < masked.Length; i++)
        {
            var argument = arguments[i];
            var isOption = argument.StartsWith('-') || argument.StartsWith('/');
            if (hideNext && !(argument.StartsWith("--", StringComparison.Ordinal) && SecretName().IsMatch(argument)))
            {
                masked[i] = Stars;
                hideNext = false;
                continue;
            }

            var split = argument.AsSpan().IndexOfAny('=', ':');
            if (split > 0 && SecretName().IsMatch(argument.AsSpan(0, split)) && !argument.AsSpan(split).StartsWith("://"))
                masked[i] = string.Concat(argument.AsSpan(0, split + 1), Stars);
            else
                masked[i] = KnownToken().Replace(UserInfo().Replace(argument, "://" + Stars + "@"), Stars);
            hideNext = i > 0 && split < 0 && isOption && SecretName().IsMatch(argument);
        }

        return masked;
    }

    /// <summary>The address of a git remote without user name and password; one of the form <c>git@host:path</c> stays as it is.</summary>
    public static string WithoutCredentials(string address) => UserInfo().Replace(address, "://");

    [GeneratedRegex(
        "pass(?:word|wd|phrase)?$|pwd|secret|token$|(?:api|access|private)[-_]?key|credential|authorization",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchMilliseconds)]
    private static partial Regex SecretName();

    [GeneratedRegex("://[^/@\\s]+@", RegexOptions.CultureInvariant, MatchMilliseconds)]
    private static partial Regex UserInfo();

    // Tokens with a well-known beginning are secrets wherever they stand.
    [GeneratedRegex(@"\b(?:ghp_|gho_|ghs_|github_pat_|glpat-|sk-|xox[abp]-|hf_|AKIA)[A-Za-z0-9_\-]{12,}", RegexOptions.CultureInvariant, MatchMilliseconds)]
    private static partial Regex KnownToken();
}
