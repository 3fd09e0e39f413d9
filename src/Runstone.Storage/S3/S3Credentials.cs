namespace Runstone.Storage.S3;

/// <summary>Tells where credentials were looked for, in the order of the usual chain; names of places, never values.</summary>
internal static class S3Credentials
{
    public static string Missing(string store)
    {
        var tried = string.Join("; ", Places().Select(p => $"{p.Name} ({p.State})"));
        return $"there are no credentials for the object store at {store}. Looked in: {tried}. Give this server credentials in one of them.";
    }

    private static IEnumerable<(string Name, string State)> Places()
    {
        yield return ("AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY", State("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
        yield return ("AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN", State("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"));
        var profile = Value("AWS_PROFILE") ?? "default";
        var file = Value("AWS_SHARED_CREDENTIALS_FILE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws", "credentials");
        yield return ($"profile '{profile}' of {file} and of the config file beside it", File.Exists(file) ? "not usable" : "no such file");
        yield return ("the container's AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI",
            State("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") == "set" ? "set" : State("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        yield return ("the role of the machine", Value("AWS_EC2_METADATA_DISABLED") is "true" ? "switched off" : "no answer");
    }

    private static string State(params string[] names)
    {
        var set = names.Count(n => Value(n) is not null);
        return set == names.Length ? "set" : set == 0 ? "not set" : "only one of them is set";
    }

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
